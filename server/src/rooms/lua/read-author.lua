--[[ Who wrote a message, and what it says, for somebody who could see it when he was in.
ARGV 1 reader  2 number
Returns { drifter, message JSON }, or {}. ]]
local m = read_room()
if not m or tonumber(ARGV[2]) > may_point_to(ARGV[1]) then return {} end
local message = message_at(tonumber(ARGV[2]))
if not message or has_gone(message) then return {} end
local drifter = redis.call("HGET", PEOPLE, "i:" .. message.from.id)
if not drifter then return {} end
return { drifter, cjson.encode(message) }
