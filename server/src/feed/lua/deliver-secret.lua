--[[ Put a secret into a feed, from its release on.
KEYS as in feed.lua
ARGV 1 "o" or "c"  2 secret  3 when it is released  4 life of a feed, ms  5 entries kept
     6 block of the reader's circle that it comes from, or ""
Returns 1. ]]
local own, carried = "o" .. ARGV[2], "c" .. ARGV[2]
if redis.call("ZSCORE", HIDDEN, ARGV[2]) then return 1 end
for _, key in ipairs({ DUE, FEED }) do
  if redis.call("ZSCORE", key, own) then return 1 end
  local score = redis.call("ZSCORE", key, carried)
  if score then
    -- Its own circle may say more to it than others: the better way wins, the place stays.
    if ARGV[1] == "o" then
      -- In this order the key, and with it its TTL, stays.
      redis.call("ZADD", key, score, own)
      redis.call("ZREM", key, carried)
    end
    return 1
  end
end
redis.call("ZADD", DUE, ARGV[3], ARGV[1] .. ARGV[2])
redis.call("PEXPIRE", DUE, ARGV[4])
if ARGV[6] ~= "" then
  redis.call("HSET", BLOCKS, ARGV[2], ARGV[6])
  redis.call("PEXPIRE", BLOCKS, ARGV[4])
end
local beyond = redis.call("ZCARD", DUE) - tonumber(ARGV[5])
if beyond > 0 then
  for _, entry in ipairs(redis.call("ZRANGE", DUE, 0, beyond - 1)) do
    redis.call("ZREM", DUE, entry)
    redis.call("HDEL", BLOCKS, string.sub(entry, 2))
  end
end
return 1
