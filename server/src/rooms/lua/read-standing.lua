--[[ How somebody stands to a room.
ARGV 1 drifter
Returns {} where there is none, or { "1" where he is in, number up to which he may point at messages,
"1" where it is encrypted }. ]]
local m = read_room()
if not m then return {} end
return { int(redis.call("HEXISTS", PEOPLE, "n:" .. ARGV[1])), int(may_point_to(ARGV[1])), m.encrypted }
