--[[ The consequences of an ending have been seen to.
KEYS 1 base
ARGV 1 meet ]]
if redis.call("DEL", ending_key(ARGV[1])) == 1 then redis.call("ZREM", OWED, ARGV[1]) end
return 1
