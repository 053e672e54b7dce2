--[[ Who wrote a message, and what it says, for somebody who could see it when he was in. Of one that has gone by its
timer it is still known who wrote it: whoever saw it may block him for it.
ARGV 1 reader  2 number
Returns { drifter, message JSON }, or {}. ]]
local m = read_room()
if not m or tonumber(ARGV[2]) > may_point_to(ARGV[1]) then return {} end
local message = message_at(tonumber(ARGV[2]))
if not message or (has_gone(message) and not message.timer) then return {} end
if has_gone(message) then message.text, message.sealed, message.photoId = nil, nil, nil end
local drifter = redis.call("HGET", PEOPLE, "i:" .. message.from.id)
if not drifter then return {} end
return { drifter, cjson.encode(message) }
