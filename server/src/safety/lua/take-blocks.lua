--[[ Count one more that tries to take on a list whose owner has gone.
KEYS 1 blocks of a box
ARGV 1 field that says that he has gone, and how many have tried  2 tries at the most
Returns 1, or 0 where it may not be taken on.
TTL: as it was. ]]
local tries = redis.call("HGET", KEYS[1], ARGV[1])
if not tries or tonumber(tries) >= tonumber(ARGV[2]) then return 0 end
redis.call("HINCRBY", KEYS[1], ARGV[1], 1)
return 1
