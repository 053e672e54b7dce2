--[[ One more lease lapsed in a row, counted once a key. At the limit catches are closed and the row begins anew.
KEYS 1 row of lapses
ARGV 1 key of the lapse  2 limit  3 how long to close, ms  4 how long the row is remembered, ms
Returns closed until, ms since 1970, or "" where the limit is not reached.
TTL: ARGV 4 from the last lapse. ]]
local row, key = KEYS[1], "k:" .. ARGV[1]
local now = now_ms()
local last, closed, by = unpack(redis.call("HMGET", row, "lastAt", "closedUntil", "closedBy"))
if last and tonumber(last) + tonumber(ARGV[4]) <= now then
  redis.call("DEL", row)
  closed = false
end
if redis.call("HSETNX", row, key, "1") == 0 then
  -- Whoever asks again may not have had the answer.
  return by == key and closed and tonumber(closed) > now and closed or ""
end
redis.call("HSET", row, "lastAt", string.format("%.0f", now))
redis.call("PEXPIRE", row, ARGV[4])
local count = redis.call("HINCRBY", row, "count", 1)
if count < tonumber(ARGV[2]) then return "" end
closed = string.format("%.0f", now + tonumber(ARGV[3]))
redis.call("DEL", row)
redis.call("HSET", row, "closedUntil", closed, "closedBy", key, "lastAt", string.format("%.0f", now), key, "1")
redis.call("PEXPIRE", row, ARGV[4])
return closed
