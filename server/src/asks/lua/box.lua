--[[ Shared by every script of an ask box; not a script by itself.
KEYS 1 box, hash: ownerHash, isOn, mutedWords (JSON), number (of the newest answer), endsAt
     2 entries, hash id -> JSON { text, at } and once it is answered { answer, answeredAt, mark }
     3 waiting, zset id by when it was asked  4 answered, zset id by number
     5 writes, zset mark by when it was  6 trace of one that was closed: until when
Invariants: an entry is in waiting or in answered, once; keys 1 to 5 end together; no field and no value
names a person; every time is that of a window or of a day's end. ]]
local BOX, ENTRIES, WAITING, ANSWERED, WRITES, WAS = KEYS[1], KEYS[2], KEYS[3], KEYS[4], KEYS[5], KEYS[6]
local DAY, LIFE, WINDOW = 86400000, 2592000000, 600000
local now = now_ms()
local at = math.floor(now / WINDOW) * WINDOW

local function int(n) return string.format("%.0f", n) end
local function field(name) return redis.call("HGET", BOX, name) end
-- Compared on every reading: a TTL may be late.
local function is_there() return now < tonumber(field("endsAt") or 0) end
local function is_owner(hash) return is_there() and field("ownerHash") == hash end

-- A key that may be new ends with the box.
local function bound()
  local ends = field("endsAt")
  for i = 1, 5 do redis.call("PEXPIREAT", KEYS[i], ends) end
end

-- The owner has done something.
local function renew()
  redis.call("HSET", BOX, "endsAt", int(math.ceil((now + LIFE) / DAY) * DAY))
  bound()
end

local function take_out(id)
  redis.call("HDEL", ENTRIES, id)
  redis.call("ZREM", WAITING, id)
  redis.call("ZREM", ANSWERED, id)
end

-- Questions that waited their whole life.
local function let_go()
  for _, id in ipairs(redis.call("ZRANGEBYSCORE", WAITING, "-inf", int(now - LIFE))) do take_out(id) end
end

local function box_fields()
  local m = redis.call("HMGET", BOX, "ownerHash", "isOn", "mutedWords", "endsAt")
  return { m[1], m[2], m[3], m[4] }
end
