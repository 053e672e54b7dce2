--[[ Rooms in which something is due; nobody else is given them for a while.
KEYS 1 due, zset room -> when
ARGV 1 at most  2 for how long, ms
Returns { room ... }. ]]
local now = now_ms()
local due = redis.call("ZRANGEBYSCORE", KEYS[1], "-inf", string.format("%.0f", now), "LIMIT", 0, ARGV[1])
local until_at = string.format("%.3f", now + tonumber(ARGV[2]) + 0.5)
for _, room in ipairs(due) do redis.call("ZADD", KEYS[1], until_at, room) end
return due
