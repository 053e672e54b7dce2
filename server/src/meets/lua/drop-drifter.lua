--[[ Somebody is gone from a process: what he sought from there ends.
KEYS 1 base
ARGV 1 who  2 node
Returns the ending, or {}. ]]
local who, node = ARGV[1], ARGV[2]
local w = read_waiting(who)
if w and w.node == node then dequeue(who) end
local p = pair_of(who)
if not p or p.stage ~= "new" or cjson.decode(p["search" .. side_of(p, who)]).node ~= node then return {} end
return shown_ending(walk_out(p, who))
