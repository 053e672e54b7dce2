--[[ Vote, or vote otherwise; one vote a mark.
KEYS as in secret.lua
ARGV 1 mark  2 "yes" or "no"
Returns { yes, no }, or { } where there is no poll. ]]
if not is_there() or field("hasPoll") ~= "1" then return {} end
local old = redis.call("HGET", MARKS, "v:" .. ARGV[1])
if old ~= ARGV[2] then
  if old then redis.call("HINCRBY", POST, old, -1) end
  redis.call("HSET", MARKS, "v:" .. ARGV[1], ARGV[2])
  bound(MARKS)
  redis.call("HINCRBY", POST, ARGV[2], 1)
end
return redis.call("HMGET", POST, "yes", "no")
