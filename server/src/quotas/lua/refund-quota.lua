--[[ Give one back, where the window is still the one it was taken from.
KEYS 1 quota of a function  2 record of the write, or the same key as 1
ARGV 1 the reset time that the reservation named, ms since 1970
Returns what is used after that. ]]
local state = redis.call("HMGET", KEYS[1], "used", "resetsAt")
local used = tonumber(state[1]) or 0
if KEYS[2] ~= KEYS[1] then redis.call("DEL", KEYS[2]) end
if used > 0 and tonumber(state[2]) == tonumber(ARGV[1]) then
  used = used - 1
  redis.call("HSET", KEYS[1], "used", used)
end
return used
