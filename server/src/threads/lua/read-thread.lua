--[[ A thread, to one of its two sides; to anybody else it is as one that never was, in time too.
KEYS 1 meta
ARGV 1 drifter
Returns the fields of meta, or {}. ]]
local sides = redis.call("HMGET", KEYS[1], "drifter0", "drifter1")
if sides[1] ~= ARGV[1] and sides[2] ~= ARGV[1] then return {} end
return redis.call("HGETALL", KEYS[1])
