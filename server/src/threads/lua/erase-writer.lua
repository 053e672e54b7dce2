--[[ Who one side was and what it wrote go out of a thread, also where he has left it before; where he has not,
he leaves.
ARGV 1 who is forgotten  2 how long the trace of an ended one is kept, ms
Returns 1, or 0 where it never was his. ]]
local side = once_side_of(ARGV[1])
if not side then return 0 end
if not redis.call("HGET", META, "left" .. side) and leave(side, ARGV[2]) then return 1 end
redis.call("HDEL", META, "drifter" .. side)
for i = 0, redis.call("LLEN", LOG) - 1 do
  local message = cjson.decode(redis.call("LINDEX", LOG, i))
  if message.from == tonumber(side) then
    message.text = ""
    redis.call("LSET", LOG, i, cjson.encode(message))
  end
end
if side == "0" then
  local bottle = cjson.decode(redis.call("HGET", META, "bottle"))
  bottle.text = ""
  bottle.mood = nil
  redis.call("HSET", META, "bottle", cjson.encode(bottle))
end
return 1
