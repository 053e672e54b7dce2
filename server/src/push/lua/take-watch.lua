--[[ Give once where the thrower of a bottle is told that something has come.
KEYS 1 of this bottle
Returns the address, or "" where there is none, or its time is over. ]]
local kept = redis.call("GETDEL", KEYS[1])
if not kept then return "" end
local bar = string.find(kept, "|", 1, true)
if tonumber(string.sub(kept, 1, bar - 1)) <= now_ms() then return "" end
return string.sub(kept, bar + 1)
