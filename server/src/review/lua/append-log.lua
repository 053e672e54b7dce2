--[[ Put a line behind the log's head, with what is counted of it.
KEYS 1 log, list, the newest last  2 acts, zset JSON by time
ARGV 1 number of the line  2 the line, JSON  3 acts are kept for, ms  4 ... acts, JSON
Returns 1, or 0 where the head is not what the line goes on from.
TTL: acts, ARGV 3; the log, which holds no content, none. ]]
if redis.call("LLEN", KEYS[1]) ~= tonumber(ARGV[1]) - 1 then return 0 end
redis.call("RPUSH", KEYS[1], ARGV[2])
local now = now_ms()
for i = 4, #ARGV do redis.call("ZADD", KEYS[2], string.format("%.0f", now), ARGV[i]) end
if #ARGV > 3 then
  redis.call("ZREMRANGEBYSCORE", KEYS[2], "-inf", string.format("%.0f", now - tonumber(ARGV[3])))
  redis.call("PEXPIRE", KEYS[2], ARGV[3])
end
return 1
