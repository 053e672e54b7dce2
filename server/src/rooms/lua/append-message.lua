--[[ Write a message, once per drifter and write id; an idle room's deadline begins again; the oldest give way.
ARGV 1 drifter  2 write id  3 text, sealed or photo  4 the message's own members, JSON without its braces
     5 messages kept  6 how long a record lives at least, ms  7 "1" where it holds a link
     8 epoch and 9 number that it was sealed for, or ""  10 id of the photo or ""  11 the photo, base64
     12 photos kept
Returns { "gone" | "kind" | "links" | "moved" }, { "slow", ms to wait },
or { "new" | "again", number, written at, mask, epoch, deadline }. ]]
local f = redis.call("HMGET", META, "deadlineAt", "head", "epoch", "kind", "ms", "capAt", "encrypted", "links",
  "slowModeMs", "creator", "turn")
local deadline = tonumber(f[1] or "0")
if deadline <= now then return { "gone" } end
local drifter = ARGV[1]
local p = redis.call("HMGET", PEOPLE, "n:" .. drifter, "p:" .. drifter, "s:" .. drifter)
if not p[1] then return { "gone" } end

-- Two hashes take turns, so that old records go at once and none before its time.
local turn = math.floor(now / tonumber(ARGV[6]))
local writes, before = KEYS[3 + turn % 2], KEYS[3 + (turn + 1) % 2]
if tonumber(f[11]) ~= turn then
  if tonumber(f[11]) < turn - 1 then redis.call("UNLINK", before) end
  redis.call("UNLINK", writes)
  redis.call("HSET", META, "turn", turn)
end
local name = drifter .. ":" .. ARGV[2]
local record = redis.call("HGET", writes, name) or redis.call("HGET", before, name)
if record then
  local seq, at, epoch = string.match(record, "^(%d+)|(%d+)|(%d+)$")
  return { "again", seq, at, p[2], epoch, f[1] }
end

local kind = ARGV[3]
if (f[7] == "1" and kind == "text") or (f[7] ~= "1" and kind == "sealed") then return { "kind" } end
if ARGV[7] == "1" and f[8] ~= "1" then return { "links" } end
local pause = tonumber(f[9])
if pause > 0 and drifter ~= f[10] then
  local left = tonumber(p[3] or "0") + pause - now
  if left > 0 then return { "slow", int(left) } end
end
if (ARGV[8] ~= "" and ARGV[8] ~= f[3]) or (ARGV[9] ~= "" and tonumber(ARGV[9]) ~= tonumber(f[2]) + 1) then
  return { "moved" }
end

local seq = redis.call("HINCRBY", META, "head", 1)
local json = '{"seq":' .. seq .. ',"id":"' .. ARGV[2] .. '","from":' .. p[2] .. ',"epoch":' .. f[3]
  .. ',"sentAt":' .. int(now) .. ',' .. ARGV[4] .. '}'
local kept = redis.call("RPUSH", LOG, json)
while kept > tonumber(ARGV[5]) do
  local oldest = cjson.decode(redis.call("LPOP", LOG))
  if oldest.photoId then redis.call("HDEL", PHOTOS, oldest.photoId) end
  if oldest.timer then
    redis.call("ZREM", TIMERS, "g:" .. int(oldest.seq), "o:" .. int(oldest.seq))
  end
  kept = kept - 1
end
if ARGV[10] ~= "" then
  redis.call("HSET", PHOTOS, ARGV[10], seq .. "|" .. ARGV[11])
  bound(PHOTOS)
  local i = 0
  while redis.call("HLEN", PHOTOS) > tonumber(ARGV[12]) do
    local message = cjson.decode(redis.call("LINDEX", LOG, i))
    if message.photoId then empty_message(message, i) end
    i = i + 1
  end
end
redis.call("HSET", writes, name, seq .. "|" .. int(now) .. "|" .. f[3])
if pause > 0 then redis.call("HSET", PEOPLE, "s:" .. drifter, int(now)) end
bound(LOG)
bound(writes)
if f[4] == "idle" then
  deadline = math.min(now + tonumber(f[5]), tonumber(f[6]))
  live_until(deadline)
end
return { "new", seq, int(now), p[2], f[3], int(deadline) }
