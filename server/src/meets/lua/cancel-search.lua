--[[ Stop seeking, also where somebody was found and he may not know yet; leave a pair that is named.
KEYS 1 base
ARGV 1 who  2 meet, or ""
Returns the ending, or {}. ]]
dequeue(ARGV[1])
local p = pair_of(ARGV[1])
if not p or (p.stage == "told" and p.meet ~= ARGV[2]) then return {} end
return shown_ending(walk_out(p, ARGV[1]))
