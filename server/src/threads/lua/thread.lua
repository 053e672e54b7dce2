--[[ Shared by every script of a thread; not a script by itself.
KEYS 1 meta  2 log  3 and 4 records of writes, by turns
Invariants: the log holds messages first..head without a gap; a side that has left has its flag left<side>. ]]
local META, LOG = KEYS[1], KEYS[2]
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
  redis.call("DEL", META, LOG, KEYS[3], KEYS[4])
  redis.call("HSET", META, "ended", "1")
  redis.call("PEXPIRE", META, trace_ms)
  return true
end

local function live_for(life)
  local ends = now + life
  redis.call("HSET", META, "expiresAt", string.format("%.0f", ends))
  for _, key in ipairs(KEYS) do redis.call("PEXPIREAT", key, string.format("%.0f", ends)) end
end

-- The hash of this turn, and that of the one before: old records go at once, and none before its time.
local function writes_of(record_ms)
  local turn = math.floor(now / record_ms)
  local writes, before = KEYS[3 + turn % 2], KEYS[3 + (turn + 1) % 2]
  local known = tonumber(redis.call("HGET", META, "turn") or 0)
  if known ~= turn then
    if known < turn - 1 then redis.call("UNLINK", before) end
    redis.call("UNLINK", writes)
    redis.call("HSET", META, "turn", turn)
  end
  return writes, before
end

local function write(writes, side, id, text, kept)
  local seq = redis.call("HINCRBY", META, "head", 1)
  redis.call("RPUSH", LOG, cjson.encode({ seq = seq, id = id, from = tonumber(side), text = text, sentAt = now }))
  redis.call("LTRIM", LOG, -kept, -1)
  redis.call("HSET", writes, side .. ":" .. id, string.format("%d|%.0f", seq, now))
  return seq
end
