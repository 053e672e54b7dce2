--[[ Somebody was shown an item.
KEYS 1 viewers, HyperLogLog of marks
ARGV 1 mark  2 how long it is kept, ms
Returns 1.
TTL: ARGV 2 from the first. ]]
redis.call("PFADD", KEYS[1], ARGV[1])
redis.call("PEXPIRE", KEYS[1], ARGV[2], "NX")
return 1
