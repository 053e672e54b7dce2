--[[ A new drifter.
KEYS 1 session
ARGV 1 persona, JSON  2 public half of his box  3 life, ms  4 slot of since, ms
TTL: its life, about. ]]
local now = now_ms()
redis.call("HSET", KEYS[1], "since", string.format("%.0f", now - now % tonumber(ARGV[4])), "persona", ARGV[1], "box", ARGV[2],
  "days", 1, "day", math.floor(now / 86400000))
keep_about(KEYS[1], tonumber(ARGV[3]))
return 1
