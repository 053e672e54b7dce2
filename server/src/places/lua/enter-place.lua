--[[ Note that somebody is active in a place, and forget those who are no more.
KEYS 1 people, zset mark -> the hour in which it was last put there
ARGV 1 mark  2 how long it counts, ms  3 an hour, ms
Invariant: no score is finer than an hour.
Returns 1. ]]
local now = now_ms()
local hour = now - now % tonumber(ARGV[3])
redis.call("ZADD", KEYS[1], string.format("%.0f", hour), ARGV[1])
redis.call("ZREMRANGEBYSCORE", KEYS[1], "-inf", "(" .. string.format("%.0f", hour - tonumber(ARGV[2])))
redis.call("PEXPIRE", KEYS[1], tonumber(ARGV[2]) + tonumber(ARGV[3]))
return 1
