--[[ The messages after a number, in order, as one reader may see them.
ARGV 1 drifter  2 after
Returns { message JSON ... }; {} where the room has ended. ]]
if not read_room() then return {} end
local head = tonumber(redis.call("HGET", META, "head"))
local first = head - redis.call("LLEN", LOG) + 1
local log = redis.call("LRANGE", LOG, math.max(0, tonumber(ARGV[2]) - first + 1), -1)
for i, json in ipairs(log) do
  -- Only messages with a clock can have gone, for all or for this one.
  if string.find(json, '"timer":', 1, true) then
    local message = cjson.decode(json)
    local seen = redis.call("HEXISTS", PEOPLE, "o:" .. int(message.seq) .. ":" .. ARGV[1]) == 1
    if seen or has_gone(message) then
      message.text, message.sealed, message.photoId = nil, nil, nil
      message.goneAt = message.goneAt or now
      log[i] = cjson.encode(message)
    end
  end
end
return log
