--[[ A new drifter.
KEYS 1 session
ARGV 1 persona, JSON  2 public half of his box  3 life, ms
TTL: its life. ]]
local now = now_ms()
redis.call("HSET", KEYS[1], "since", string.format("%.0f", now), "persona", ARGV[1], "box", ARGV[2],
  "days", 1, "day", math.floor(now / 86400000))
redis.call("PEXPIRE", KEYS[1], ARGV[3])
return 1
