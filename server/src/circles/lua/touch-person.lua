--[[ He is here.
KEYS 1 person, hash: bornAt, activeAt (to the slot)  2 friends
ARGV 1 life, ms  2 slot, ms
Returns 1. ]]
local now = now_ms()
redis.call("HSETNX", KEYS[1], "bornAt", string.format("%.0f", now))
redis.call("HSET", KEYS[1], "activeAt", string.format("%.0f", now - now % tonumber(ARGV[2])))
redis.call("PEXPIRE", KEYS[1], ARGV[1])
redis.call("PEXPIRE", KEYS[2], ARGV[1])
return 1
