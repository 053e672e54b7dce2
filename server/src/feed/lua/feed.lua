--[[ Shared by every script of a feed; not a script by itself.
KEYS 1 due, zset entry -> when it is released  2 feed, zset entry -> order  3 hidden, 4 muted, zset secret -> when
  5 arrived, zset secret -> when it came into the feed  6 blocks, hash secret of due -> block it comes from
An entry is "o" and a secret of the reader's own circle, or "c" and one that was carried to him.
What drifts in a place is kept in the same way, each as "o".
Invariants: a secret is in due or in feed, once, or in hidden. ]]
local DUE, FEED, HIDDEN, MUTED, ARRIVED, BLOCKS = KEYS[1], KEYS[2], KEYS[3], KEYS[4], KEYS[5], KEYS[6]
local now = now_ms()

-- A reader says what he hides: the oldest give way.
local function remember(key, secret, life, kept)
  redis.call("ZADD", key, string.format("%.0f", now), secret)
  redis.call("ZREMRANGEBYRANK", key, 0, -tonumber(kept) - 1)
  redis.call("PEXPIRE", key, life)
end
