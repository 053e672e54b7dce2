--[[ A reader's screen shows a message for the first time.
ARGV 1 drifter  2 number
Returns { "gone" } where he is not in or it is not there, { "nothing" }, { "begun", when it goes },
"gone-for-reader" or "gone-for-all". ]]
local m = read_room()
if not m or redis.call("HEXISTS", PEOPLE, "n:" .. ARGV[1]) == 0 then return { "gone" } end
local message, index = message_at(tonumber(ARGV[2]))
if not message then return { "gone" } end
local author = redis.call("HGET", PEOPLE, "i:" .. message.from.id)
if not message.timer or author == ARGV[1] or has_gone(message) then return { "nothing" } end
if message.timer.afterMs then
  if message.goneAt then return { "begun", int(message.goneAt) } end
  local at = now + message.timer.afterMs
  message.goneAt = at
  redis.call("LSET", LOG, index, cjson.encode(message))
  redis.call("ZADD", TIMERS, int(at), "g:" .. ARGV[2])
  bound(TIMERS)
  return { "begun", int(at) }
end
local seen = seen_once(ARGV[1])
if is_among(seen, message.seq) then return { "nothing" } end
redis.call("HSET", PEOPLE, "o:" .. ARGV[1], without_older(seen) .. int(message.seq) .. " ")
if not seen_by_all(message) then
  redis.call("ZADD", TIMERS, "+inf", "o:" .. ARGV[2])
  bound(TIMERS)
  return { "gone-for-reader" }
end
empty_message(message, index)
return { "gone-for-all" }
