--[[ Keep where the thrower of a bottle is told that something has come.
KEYS 1 of this bottle
ARGV 1 address at a push service  2 how long, ms
Returns nothing. TTL: the second argument; it ends with the bottle.
With it goes when it ends: a TTL alone evicts late, and every read compares. ]]
local ends_at = string.format("%.0f", now_ms() + tonumber(ARGV[2]))
redis.call("SET", KEYS[1], ends_at .. "|" .. ARGV[1], "PX", ARGV[2])
return ""
