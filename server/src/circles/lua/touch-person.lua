--[[ He is here.
KEYS 1 person, hash: bornAt and activeAt, each to its slot  2 friends
ARGV 1 life, ms  2 slot of activeAt, ms  3 slot of bornAt, ms
Returns 1. ]]
local now = now_ms()
redis.call("HSETNX", KEYS[1], "bornAt", string.format("%.0f", now - now % tonumber(ARGV[3])))
redis.call("HSET", KEYS[1], "activeAt", string.format("%.0f", now - now % tonumber(ARGV[2])))
keep_about(KEYS[1], tonumber(ARGV[1]))
keep_about(KEYS[2], tonumber(ARGV[1]))
return 1
