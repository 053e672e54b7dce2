--[[ Messages in order, as one reader may see them, as many as one answer holds and one at least.
ARGV 1 drifter  2 after, or "" for the newest  3 bytes that one answer holds
Returns { message JSON ... }; {} where the room has ended. ]]
if not read_room() then return {} end
local head = tonumber(redis.call("HGET", META, "head"))
local count = redis.call("LLEN", LOG)
local limit = tonumber(ARGV[3])

local his = seen_once(ARGV[1])
-- Only messages with a clock can have gone, for all or for this one.
local function shown_to_him(json)
  if not string.find(json, '"timer":', 1, true) then return json end
  local message = cjson.decode(json)
  local seen = message.timer.once and is_among(his, message.seq)
  if not seen and not has_gone(message) then return json end
  message.text, message.sealed, message.photoId = nil, nil, nil
  message.goneAt = message.goneAt or now
  return cjson.encode(message)
end

-- Some at a time, so that what an answer has no room for is not read either.
local CHUNK = 32
local log, bytes = {}, 0
local function take(json)
  json = shown_to_him(json)
  bytes = bytes + #json
  if #log > 0 and bytes > limit then return false end
  log[#log + 1] = json
  return true
end
if ARGV[2] ~= "" then
  local from = math.max(0, tonumber(ARGV[2]) - (head - count))
  while from < count do
    for _, json in ipairs(redis.call("LRANGE", LOG, from, from + CHUNK - 1)) do
      if not take(json) then return log end
    end
    from = from + CHUNK
  end
  return log
end
local to, is_full = count - 1, false
while to >= 0 and not is_full do
  local chunk = redis.call("LRANGE", LOG, math.max(0, to - CHUNK + 1), to)
  for i = #chunk, 1, -1 do
    if not take(chunk[i]) then is_full = true break end
  end
  to = to - CHUNK
end
for i = 1, math.floor(#log / 2) do log[i], log[#log - i + 1] = log[#log - i + 1], log[i] end
return log
