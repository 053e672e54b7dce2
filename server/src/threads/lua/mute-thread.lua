--[[ Mute a thread for one side, or unmute it.
ARGV 1 drifter  2 "1" to mute
Returns 1, or 0 where it is not his. ]]
local side = side_of(ARGV[1])
if not side then return 0 end
redis.call("HSET", META, "muted" .. side, ARGV[2])
return 1
