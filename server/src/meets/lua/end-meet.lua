--[[ Leave the pair one is in, where it has been made and is the one that is meant.
KEYS 1 base
ARGV 1 who  2 meet, or "" for any
Returns the ending, or {}. ]]
local p = pair_of(ARGV[1])
if not p or p.stage == "new" or (ARGV[2] ~= "" and p.meet ~= ARGV[2]) then return {} end
return shown_ending(walk_out(p, ARGV[1], true))
