--[[ Take out of the queue what has been forgotten.
KEYS 1 queue  2 those in it by when they are forgotten
Returns how many wait. ]]
local now = string.format("%.0f", now_ms())
for _, id in ipairs(redis.call("ZRANGEBYSCORE", KEYS[2], "-inf", now)) do redis.call("ZREM", KEYS[1], id) end
redis.call("ZREMRANGEBYSCORE", KEYS[2], "-inf", now)
return redis.call("ZCARD", KEYS[1])
