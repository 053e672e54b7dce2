--[[ One more lease lapsed in a row, counted once a key. At the limit catches are closed and the row begins anew.
KEYS 1 row of lapses
ARGV 1 key of the lapse  2 limit  3 how long to close, ms  4 how long the row is remembered, ms
Returns closed until, ms since 1970, or "" where the limit is not reached.
TTL: ARGV 4 from the last lapse. ]]
local row, key = KEYS[1], "k:" .. ARGV[1]
if redis.call("HSETNX", row, key, "1") == 0 then return "" end
redis.call("PEXPIRE", row, ARGV[4])
local count = redis.call("HINCRBY", row, "count", 1)
if count < tonumber(ARGV[2]) then return "" end
local closed = now_ms() + tonumber(ARGV[3])
redis.call("DEL", row)
redis.call("HSET", row, "closedUntil", string.format("%.0f", closed), key, "1")
redis.call("PEXPIRE", row, ARGV[4])
return string.format("%.0f", closed)
