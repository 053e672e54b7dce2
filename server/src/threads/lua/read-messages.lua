--[[ The messages after a number, in order.
ARGV 1 after
Returns { message JSON ... }; {} where the thread has ended. ]]
local m = redis.call("HMGET", META, "expiresAt", "head")
if not m[1] or tonumber(m[1]) <= now then return {} end
local first = tonumber(m[2]) - redis.call("LLEN", LOG) + 1
return redis.call("LRANGE", LOG, math.max(0, tonumber(ARGV[1]) - first + 1), -1)
