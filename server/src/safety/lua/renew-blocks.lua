--[[ Whose list it is is here: it is kept on, where he has not gone.
KEYS 1 blocks of a box
ARGV 1 field that says that he has gone  2 how long the list is kept, ms
Returns 1, or 0 where nothing is kept on.
TTL: ARGV 2, about. ]]
if redis.call("HEXISTS", KEYS[1], ARGV[1]) == 1 then return 0 end
return keep_about(KEYS[1], tonumber(ARGV[2]))
