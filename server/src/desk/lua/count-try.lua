--[[ Count a try to get in, before it is made; or say how long to wait, and count nothing.
KEYS each: tries under one mark
ARGV 1 how long tries are remembered, ms  then for each KEY: free tries, first wait ms, longest wait ms
TTL: ARGV 1 after the last try.
Returns ms to wait, or 0. ]]
local now = now_ms()
local latest = 0
for _, key in ipairs(KEYS) do
  local tries = redis.call("HMGET", key, "until", "kept")
  if tries[2] and tonumber(tries[2]) <= now then redis.call("DEL", key) end
  latest = math.max(latest, tonumber(tries[1] or 0))
end
if latest > now then return latest - now end
for i, key in ipairs(KEYS) do
  local at = 2 + (i - 1) * 3
  local over = redis.call("HINCRBY", key, "count", 1) - tonumber(ARGV[at])
  local wait = 0
  if over > 0 then
    wait = math.min(tonumber(ARGV[at + 2]), tonumber(ARGV[at + 1]) * 2 ^ (math.min(over, 30) - 1))
  end
  redis.call("HSET", key, "until", string.format("%.0f", now + wait),
    "kept", string.format("%.0f", now + tonumber(ARGV[1])))
  redis.call("PEXPIRE", key, ARGV[1])
end
return 0
