--[[ Take a drifter's words and his name out of a room.
ARGV 1 drifter
Returns { mask, how many are left, deadline, creator or "", { number ... } of what has gone, 1 where he was in, else 0 },
or {} where he has no mask there. ]]
local m = read_room()
local drifter = ARGV[1]
local mask = m and redis.call("HGET", PEOPLE, "p:" .. drifter)
if not mask then return {} end
local deadline = tonumber(m.deadlineAt)
local was_in = take_out(drifter) and 1 or 0
if was_in == 1 then
  let_go_of_seen()
  deadline = live_on(m)
end
redis.call("ZREM", KNOCKS, drifter)
local id = cjson.decode(mask).id
local gone = {}
for i = 0, redis.call("LLEN", LOG) - 1 do
  local message = cjson.decode(redis.call("LINDEX", LOG, i))
  if message.from.id == id and (message.text or message.sealed or message.photoId) then
    empty_message(message, i)
    gone[#gone + 1] = message.seq
  end
end
for _, field in ipairs(redis.call("HKEYS", PEOPLE)) do
  if string.sub(field, 1, 2) == "v:" and cjson.decode(redis.call("HGET", PEOPLE, field)).from.id == id then
    redis.call("HDEL", PEOPLE, field, "f:" .. string.sub(field, 3))
  end
end
redis.call("HDEL", PEOPLE, "p:" .. drifter, "i:" .. id, "a:" .. drifter, "s:" .. drifter,
  "h:" .. drifter, "o:" .. drifter)
return { mask, redis.call("ZCARD", MEMBERS), int(deadline), m.creator or "", gone, was_in }
