--[[ One side's entry of a block is written anew, where it is.
KEYS 1 blocks of a box
ARGV 1 handle  2 entry, sealed for the box
Returns 1, or 0 where there is none.
TTL: as it was. ]]
if redis.call("HEXISTS", KEYS[1], ARGV[1]) == 0 then return 0 end
redis.call("HSET", KEYS[1], ARGV[1], ARGV[2])
return 1
