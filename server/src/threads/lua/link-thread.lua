--[[ Remember a thread in a drifter's list.
KEYS 1 list of a drifter's threads
ARGV 1 thread  2 threads kept  3 how long the list is kept, ms
TTL: ARGV 3 from the newest. ]]
redis.call("ZADD", KEYS[1], "NX", string.format("%.0f", now_ms()), ARGV[1])
redis.call("ZREMRANGEBYRANK", KEYS[1], 0, -1 - tonumber(ARGV[2]))
redis.call("PEXPIRE", KEYS[1], ARGV[3])
return 1
