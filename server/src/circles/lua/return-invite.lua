--[[ Give back the use of an invite that made no friendship.
KEYS 1 invite
ARGV 1 who took it
Returns 1. ]]
if redis.call("HDEL", KEYS[1], "u:" .. ARGV[1]) == 1 then redis.call("HINCRBY", KEYS[1], "left", 1) end
return 1
