--[[ The end of an account; its sessions find it no more.
KEYS 1 account  2 names
ARGV 1 name
Returns its id, or "". ]]
local id = redis.call("HGET", KEYS[1], "id")
redis.call("DEL", KEYS[1])
redis.call("ZREM", KEYS[2], ARGV[1])
return id or ""
