--[[ Shared by every script of a thread; not a script by itself.
KEYS 1 meta  2 log  3 records of writes
Invariants: the log holds messages first..head without a gap; a side that has left has its flag left<side>. ]]
local META, LOG, WRITES = KEYS[1], KEYS[2], KEYS[3]
local now = now_ms()

-- The side that a drifter has or had, "0" or "1"; nil where the thread never was his, or has ended.
local function once_side_of(drifter)
  local m = redis.call("HMGET", META, "expiresAt", "drifter0", "drifter1")
  if not m[1] or tonumber(m[1]) <= now then return nil end
  return m[2] == drifter and "0" or m[3] == drifter and "1" or nil
end

-- The side of a drifter, "0" or "1"; nil where the thread is not his or has ended.
local function side_of(drifter)
  local side = once_side_of(drifter)
  if not side or redis.call("HGET", META, "left" .. side) then return nil end
  return side
end

-- One side leaves. Returns whether it was the last: then nothing remains but a trace without content, so that
-- a late repetition of the opening does not bring it back.
local function leave(side, trace_ms)
  redis.call("HSET", META, "left" .. side, "1")
  if not redis.call("HGET", META, "closed") then
    redis.call("HSET", META, "closed", "left")
    return false
  end
  redis.call("DEL", META, LOG, WRITES)
  redis.call("HSET", META, "ended", "1")
  redis.call("PEXPIRE", META, trace_ms)
  return true
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
