--[[ What follows from a change is done, unless there was another since.
KEYS 1 item  2 unsettled
ARGV 1 id  2 rev
Returns 1, or 0 where it has been changed again. ]]
local rev = redis.call("HGET", KEYS[1], "rev")
if rev and rev ~= ARGV[2] then return 0 end
redis.call("ZREM", KEYS[2], ARGV[1])
return 1
