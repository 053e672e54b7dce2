--[[ Shared by every script of a thread; not a script by itself.
KEYS 1 meta  2 log  3 records of writes
Invariants: the log holds messages first..head without a gap; a side that has left has its flag left<side>. ]]
local META, LOG, WRITES = KEYS[1], KEYS[2], KEYS[3]
local now = now_ms()

-- The side of a drifter, "0" or "1"; nil where the thread is not his or has ended.
local function side_of(drifter)
  local m = redis.call("HMGET", META, "expiresAt", "drifter0", "drifter1", "left0", "left1")
  if not m[1] or tonumber(m[1]) <= now then return nil end
  if m[2] == drifter and not m[4] then return "0" end
  if m[3] == drifter and not m[5] then return "1" end
  return nil
end

local function live_for(life)
  local ends = now + life
  redis.call("HSET", META, "expiresAt", string.format("%.0f", ends))
  for _, key in ipairs(KEYS) do redis.call("PEXPIREAT", key, string.format("%.0f", ends)) end
end

local function write(side, id, text, kept)
  local seq = redis.call("HINCRBY", META, "head", 1)
  redis.call("RPUSH", LOG, cjson.encode({ seq = seq, id = id, from = tonumber(side), text = text, sentAt = now }))
  redis.call("LTRIM", LOG, -kept, -1)
  redis.call("HSET", WRITES, side .. ":" .. id, string.format("%d|%.0f", seq, now))
  return seq
end
