--[[ Whether its thrower wants to be told of what becomes of a bottle.
KEYS 1 sea base
ARGV 1 bottle  2 thrower  3 "1" or "0"
Returns "done" or "gone". ]]
local owner = redis.call("HGET", bottle_key(ARGV[1]), "owner")
if owner ~= ARGV[2] then return "gone" end
redis.call("HSET", bottle_key(ARGV[1]), "muted", ARGV[3])
return "done"
