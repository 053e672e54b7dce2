--[[ The messages after a number, in order.
ARGV 1 after  2 bytes that one answer holds, one message at least
Returns { message JSON ... }; {} where the thread has ended. ]]
local m = redis.call("HMGET", META, "expiresAt", "head")
if not m[1] or tonumber(m[1]) <= now then return {} end
local first = tonumber(m[2]) - redis.call("LLEN", LOG) + 1
-- Some at a time, so that what an answer has no room for is not read either.
local CHUNK = 32
local from, bytes, log = math.max(0, tonumber(ARGV[1]) - first + 1), 0, {}
while true do
  local chunk = redis.call("LRANGE", LOG, from, from + CHUNK - 1)
  for _, json in ipairs(chunk) do
    bytes = bytes + #json
    if #log > 0 and bytes > tonumber(ARGV[2]) then return log end
    log[#log + 1] = json
  end
  if #chunk < CHUNK then return log end
  from = from + CHUNK
end
