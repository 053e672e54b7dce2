--[[ Move what is released into the feed, in an order that is random within windows of its arrival; of what
was released after the instant of its block that is given nothing.
KEYS as in feed.lua
ARGV 1 window, ms  2 life of a feed, ms  3 entries kept  4 how long an arrival is noted, ms
     5 instant of every block that is not named, ms since 1970  6 for how long none that came gives way, ms
     7 "1" where it stands by its release  8 how many blocks are named
  then block, instant, block, instant ...; then random numbers below 1e9, one an entry
Returns { 1 where something that is released waits, else 0, when the next is released or "",
  entry, order, entry, order ... }. ]]
local arrived, held, up_to = {}, 0, {}
local named = tonumber(ARGV[8])
for i = 9, 7 + 2 * named, 2 do up_to[ARGV[i]] = tonumber(ARGV[i + 1]) end
local random = 8 + 2 * named
local due = redis.call("ZRANGEBYSCORE", DUE, "-inf", string.format("%.0f", now), "WITHSCORES")
for i = 1, #due, 2 do
  local entry, at = due[i], tonumber(due[i + 1])
  local secret = string.sub(entry, 2)
  local block = redis.call("HGET", BLOCKS, secret) or ""
  if random < #ARGV and at <= (up_to[block] or tonumber(ARGV[5])) then
    random = random + 1
    -- A reader is not to learn when it was released: who was here then would be one of few.
    local stands = ARGV[7] == "1" and at or now
    local order = math.floor(stands / tonumber(ARGV[1])) * 1e9 + tonumber(ARGV[random])
    redis.call("ZREM", DUE, entry)
    redis.call("HDEL", BLOCKS, secret)
    redis.call("ZADD", FEED, string.format("%.0f", order), entry)
    redis.call("ZADD", ARRIVED, string.format("%.0f", now), secret)
    arrived[#arrived + 1] = entry
    arrived[#arrived + 1] = string.format("%.0f", order)
  else
    held = 1
  end
end
-- The lowest give way; but one that has just come, into a window that is full, must be read first.
local beyond = redis.call("ZCARD", FEED) - tonumber(ARGV[3])
if beyond > 0 then
  local recent = redis.call("ZRANGEBYSCORE", ARRIVED, string.format("(%.0f", now - tonumber(ARGV[6])), "+inf")
  local stays = {}
  for _, secret in ipairs(recent) do stays[secret] = true end
  for _, entry in ipairs(redis.call("ZRANGE", FEED, 0, beyond + #recent - 1)) do
    if beyond > 0 and not stays[string.sub(entry, 2)] then
      redis.call("ZREM", FEED, entry)
      beyond = beyond - 1
    end
  end
end
if #arrived > 0 then
  redis.call("PEXPIRE", FEED, ARGV[2])
  redis.call("ZREMRANGEBYSCORE", ARRIVED, "-inf", string.format("%.0f", now - tonumber(ARGV[4])))
  redis.call("PEXPIRE", ARRIVED, ARGV[4])
end
local coming = redis.call("ZRANGEBYSCORE", DUE, string.format("(%.0f", now), "+inf", "WITHSCORES", "LIMIT", 0, 1)
return { held, coming[2] or "", unpack(arrived) }
