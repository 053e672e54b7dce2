--[[ Erase a box for good.
KEYS as in box.lua
ARGV 1 hash of the owner key
Returns 1, or 0 where it is not there or somebody else's.
TTL: the trace, to the end of the day that is 30 d ahead; it holds that end. ]]
if not is_owner(ARGV[1]) then return 0 end
redis.call("DEL", BOX, ENTRIES, WAITING, ANSWERED, WRITES)
local ends = int(math.ceil((now + LIFE) / DAY) * DAY)
redis.call("SET", WAS, ends, "PXAT", ends)
return 1
