--[[ A photo, as long as its message is there.
ARGV 1 its id
Returns base64, or "". ]]
if not read_room() then return "" end
local seq, base64 = string.match(redis.call("HGET", PHOTOS, ARGV[1]) or "", "^(%d+)|(.*)$")
local message = seq and message_at(tonumber(seq))
if not message or has_gone(message) then return "" end
return base64
