--[[ Somebody leaves everything, and is nobody's recent partner any more.
KEYS 1 base
ARGV 1 who
Returns the ending, or {}. ]]
local who = ARGV[1]
dequeue(who)
local p = pair_of(who)
local left = p and walk_out(p, who)
local recent, holders = base .. ":recent:" .. who, base .. ":holders:" .. who
for _, other in ipairs(redis.call("SMEMBERS", holders)) do redis.call("ZREM", base .. ":recent:" .. other, who) end
for _, other in ipairs(redis.call("ZRANGE", recent, 0, -1)) do redis.call("SREM", base .. ":holders:" .. other, who) end
redis.call("DEL", recent, holders)
return shown_ending(left)
