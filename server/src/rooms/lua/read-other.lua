--[[ The other one of two, for one of them. Returns a drifter, or "" where the room is of another kind.
ARGV 1 who asks ]]
local m = read_room()
if not m or m.capacity ~= "2" then return "" end
local let_in = {}
for _, field in ipairs(redis.call("HKEYS", PEOPLE)) do
  if string.sub(field, 1, 2) == "a:" then let_in[#let_in + 1] = string.sub(field, 3) end
end
if #let_in ~= 2 then return "" end
return let_in[1] == ARGV[1] and let_in[2] or let_in[2] == ARGV[1] and let_in[1] or ""
