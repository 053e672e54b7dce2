--[[ A new drifter.
KEYS 1 session
ARGV 1 persona, JSON  2 life, ms
TTL: its life. ]]
redis.call("HSET", KEYS[1], "since", string.format("%.0f", now_ms()), "persona", ARGV[1])
redis.call("PEXPIRE", KEYS[1], ARGV[2])
return 1
