--[[ Move what is released into the feed, in an order that is random within windows; of what was released
after an instant that is given nothing.
KEYS as in feed.lua
ARGV 1 window, ms  2 life of a feed, ms  3 entries kept  4 how long an arrival is noted, ms
     5 that instant, ms since 1970
  then random numbers below 1e9, one an entry
Returns { entry, order, entry, order ... }. ]]
local answer = {}
local up_to = string.format("%.0f", math.min(now, tonumber(ARGV[5])))
local due = redis.call("ZRANGEBYSCORE", DUE, "-inf", up_to, "WITHSCORES", "LIMIT", 0, #ARGV - 5)
for i = 1, #due, 2 do
  local order = math.floor(tonumber(due[i + 1]) / tonumber(ARGV[1])) * 1e9 + tonumber(ARGV[5 + (i + 1) / 2])
  redis.call("ZREM", DUE, due[i])
  redis.call("ZADD", FEED, string.format("%.0f", order), due[i])
  redis.call("ZADD", ARRIVED, string.format("%.0f", now), string.sub(due[i], 2))
  answer[#answer + 1] = due[i]
  answer[#answer + 1] = string.format("%.0f", order)
end
if #due > 0 then
  redis.call("ZREMRANGEBYRANK", FEED, 0, -tonumber(ARGV[3]) - 1)
  redis.call("PEXPIRE", FEED, ARGV[2])
  redis.call("ZREMRANGEBYSCORE", ARRIVED, "-inf", string.format("%.0f", now - tonumber(ARGV[4])))
  redis.call("PEXPIRE", ARRIVED, ARGV[4])
end
return answer
