--[[ Count one circle more, once a circle. From so many on the secret is the world's.
KEYS as in secret.lua
ARGV 1 the circle's mark  2 circles that make a world
Returns { new "1" or "0", new in the world "1" or "0" }, or { } where the secret is not there. ]]
if not is_there() then return {} end
if redis.call("HSETNX", MARKS, "k:" .. ARGV[1], "1") == 0 then return { "0", "0" } end
bound(MARKS)
local circles = redis.call("HINCRBY", POST, "circles", 1)
if circles < tonumber(ARGV[2]) or field("world") == "1" then return { "1", "0" } end
redis.call("HSET", POST, "world", 1)
return { "1", "1" }
