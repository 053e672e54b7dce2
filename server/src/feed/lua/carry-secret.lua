--[[ Count one circle more, once a circle. From so many on the secret is the world's.
KEYS as in secret.lua
ARGV 1 the circle's mark  2 circles that make a world  3 where it stands there, if now
     4 mark of who carries it  5 epoch
Returns { new "1" or "0", new in the world "1" or "0", its place in the world or "" }, or { } where the
secret is not there, or he has carried it in another epoch. ]]
if not is_there() then return {} end
if redis.call("HSETNX", MARKS, "g:" .. ARGV[4], ARGV[5]) == 0 and redis.call("HGET", MARKS, "g:" .. ARGV[4]) ~= ARGV[5] then
  return {}
end
local is_new = redis.call("HSETNX", MARKS, "k:" .. ARGV[1], "1") == 1
local is_new_in_world = false
bound(MARKS)
if is_new then
  local circles = redis.call("HINCRBY", POST, "circles", 1)
  is_new_in_world = circles >= tonumber(ARGV[2]) and field("world") == "0"
  if is_new_in_world then redis.call("HSET", POST, "world", "1", "place", ARGV[3]) end
end
-- Its place is told each time: the list of the world lies in another slot, and may not have it yet.
return { is_new and "1" or "0", is_new_in_world and "1" or "0", field("place") or "" }
