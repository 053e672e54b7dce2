--[[ Note that a sea may hold something until then.
KEYS 1 used, zset sea -> until when
ARGV 1 sea  2 until when, ms
Invariant: the latest that was noted counts; the key ends with the last of them.
Returns 1. ]]
redis.call("ZREMRANGEBYSCORE", KEYS[1], "-inf", "(" .. string.format("%.0f", now_ms()))
redis.call("ZADD", KEYS[1], "GT", ARGV[2], ARGV[1])
redis.call("PEXPIREAT", KEYS[1], ARGV[2], "NX")
redis.call("PEXPIREAT", KEYS[1], ARGV[2], "GT")
return 1
