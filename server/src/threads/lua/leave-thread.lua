--[[ One side leaves, and the thread is closed for the other, who may still block or report it. With erase,
who it was and what it wrote go too. When both have left nothing remains.
KEYS 1 meta  2 log  3 records of writes
ARGV 1 who leaves  2 "1" to erase what he wrote  3 how long the trace of an ended one is kept, ms
Returns 1, or 0 where it was not his any more. ]]
local side = side_of(ARGV[1])
if not side then return 0 end
redis.call("HSET", META, "left" .. side, "1")
if redis.call("HGET", META, "closed") then
  redis.call("DEL", META, LOG, WRITES)
  -- A trace without content: a late repetition of the opening must not bring it back.
  redis.call("HSET", META, "ended", "1")
  redis.call("PEXPIRE", META, ARGV[3])
  return 1
end
redis.call("HSET", META, "closed", "left")
if ARGV[2] == "1" then
  redis.call("HDEL", META, "drifter" .. side)
  local n = redis.call("LLEN", LOG)
  for i = 0, n - 1 do
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
end
return 1
