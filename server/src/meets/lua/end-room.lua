--[[ A room has ended by itself, and the pair with it. A pair that nobody knows of goes back to the queue.
KEYS 1 base
ARGV 1 room  2 reason
Returns the ending, or {}. ]]
local meet = redis.call("GET", room_key(ARGV[1]))
local p = meet and read_pair(meet)
if not p then return {} end
return shown_ending(p.stage == "new" and undo_pair(p) or end_pair(p, ARGV[2], p.a .. " " .. p.b))
