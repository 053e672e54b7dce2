--[[ Shared by every script of the hole; not a script by itself.
KEYS 1 wall, hash: beganAt, deadlineAt, number  2 letters, hash id -> JSON  3 order, zset id by number
     4 writers, zset of <drifter>|<id>  5 records of writes, zset mark by when it was written
Invariants: letters, order and writers hold the same letters, but that order lacks those that are hidden, whose
JSON has their place in it; there is a wall if and only if there is a letter;
keys 1 to 4 end together, a little after the deadline; from the deadline on no script sees them.
A letter is found by its rank in the order, so that a draw costs O(log n) and is exactly uniform. ]]
local WALL, LETTERS, ORDER, WRITERS, RECORDS = KEYS[1], KEYS[2], KEYS[3], KEYS[4], KEYS[5]
local now = now_ms()

local function int(n) return string.format("%.0f", n) end

-- When the wall ends, or nil where there is none.
local function deadline() return tonumber(redis.call("HGET", WALL, "deadlineAt") or nil) end

local function is_open()
  local at = deadline()
  return at ~= nil and at > now
end

-- { now }, or { now, began at, deadline, letters } where there are letters.
local function reading()
  if not is_open() then return { int(now) } end
  local m = redis.call("HMGET", WALL, "beganAt", "deadlineAt")
  return { int(now), m[1], m[2], int(redis.call("ZCARD", ORDER)) }
end

-- The records stay: a write that is sent again after the wipe must not begin a new wall.
local function wipe() redis.call("DEL", WALL, LETTERS, ORDER, WRITERS) end

-- The ids of a drifter's letters, in no order that means anything.
local function ids_of(writer)
  local ids = {}
  -- "}" comes next after "|": the range is every member that begins with "<writer>|".
  for i, member in ipairs(redis.call("ZRANGEBYLEX", WRITERS, "[" .. writer .. "|", "(" .. writer .. "}")) do
    ids[i] = string.sub(member, #writer + 2)
  end
  return ids
end

-- Takes a letter out. Returns what it was.
local function take_out(id)
  local letter = cjson.decode(redis.call("HGET", LETTERS, id))
  redis.call("HDEL", LETTERS, id)
  redis.call("ZREM", ORDER, id)
  redis.call("ZREM", WRITERS, letter.writer .. "|" .. id)
  return letter
end
