--[[ Shared by every script of a secret; not a script by itself.
KEYS 1 post, hash  2 marks, hash  3 comments, list of JSON, the newest last  4 photo  5 trace of one that was deleted
post: what was written, and hearts, yes, no, circles, world, place (in the world),
  head (number of the newest comment), endsAt
marks: h:<mark> gave a heart  v:<mark> voted  k:<mark> a circle that it was carried to  g:<mark> epoch in which
  somebody carried it  w:<mark> number of a write
Invariants: no field and no value names a person; a mark is of one secret alone. Of k: alone whoever has all of
Redis can find out which circle it is, and so who has exactly these friends. All keys end together. ]]
local POST, MARKS, COMMENTS, PHOTO, WAS = KEYS[1], KEYS[2], KEYS[3], KEYS[4], KEYS[5]
local now = now_ms()

local function int(n) return string.format("%.0f", n) end
local function field(name) return redis.call("HGET", POST, name) end
-- Compared on every reading: a TTL may be late.
local function is_there() return now < tonumber(field("endsAt") or 0) end

-- A key that may be new ends with the secret.
local function bound(key) redis.call("PEXPIREAT", key, field("endsAt"), "NX") end
