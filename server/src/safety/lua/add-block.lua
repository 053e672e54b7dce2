--[[ One side's entry of a block; one with the same handle gives way.
KEYS 1 blocks of a box
ARGV 1 handle  2 entry, sealed for the box  3 how long the list is kept, ms
TTL: ARGV 3, about, from the newest entry. ]]
redis.call("HSET", KEYS[1], ARGV[1], ARGV[2])
keep_about(KEYS[1], tonumber(ARGV[3]))
return 1
