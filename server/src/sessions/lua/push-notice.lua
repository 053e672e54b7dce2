--[[ Put a notice into a drifter's inbox, once an id. Nothing where the session has ended.
KEYS 1 session  2 inbox  3 ids of notices
ARGV 1 id  2 notice, JSON  3 out of sight for, ms  4 how long the id is remembered, ms  5 notices at the most
Returns its number, or "" where it was there before or nobody waits for it.
TTL: the session's own. ]]
local now = now_ms()
if redis.call("EXISTS", KEYS[1]) == 0 then return "" end
redis.call("ZREMRANGEBYSCORE", KEYS[3], "-inf", string.format("%.0f", now - tonumber(ARGV[4])))
if redis.call("ZADD", KEYS[3], "NX", string.format("%.0f", now), ARGV[1]) == 0 then return "" end
local seq = redis.call("HINCRBY", KEYS[1], "inboxSeq", 1)
redis.call("ZADD", KEYS[2], seq, string.format("%d|%.0f|", seq, now + tonumber(ARGV[3])) .. ARGV[2])
redis.call("ZREMRANGEBYRANK", KEYS[2], 0, -1 - tonumber(ARGV[5]))
local ttl = redis.call("PTTL", KEYS[1])
redis.call("PEXPIRE", KEYS[2], ttl)
redis.call("PEXPIRE", KEYS[3], ttl)
return seq
