--[[ Give one back, where the window is still the one it was taken from, and forget the write that took it.
KEYS 1 quota of a function  2 records of writes
ARGV 1 the reset time that the reservation named, ms since 1970  2 write id, or ""
Returns what is used after that. ]]
local state = redis.call("HMGET", KEYS[1], "used", "resetsAt")
local used = tonumber(state[1]) or 0
-- A write that was refunded before has no record: it is not given back twice.
if ARGV[2] ~= "" and redis.call("HDEL", KEYS[2], ARGV[2]) == 0 then return used end
if used > 0 and tonumber(state[2]) == tonumber(ARGV[1]) then
  used = used - 1
  redis.call("HSET", KEYS[1], "used", used)
end
return used
