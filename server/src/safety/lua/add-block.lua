--[[ One side of a block.
KEYS 1 blocks of a drifter
ARGV 1 the other  2 how long it is kept, ms
TTL: ARGV 2 from the newest block. ]]
redis.call("SADD", KEYS[1], ARGV[1])
redis.call("PEXPIRE", KEYS[1], ARGV[2])
return 1
