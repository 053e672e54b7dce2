--[[ Shared by every script of a feed; not a script by itself.
KEYS 1 due, zset entry -> when it is released  2 feed, zset entry -> order  3 hidden, set of secrets  4 muted, set of secrets
An entry is "o" and a secret of the reader's own circle, or "c" and one that was carried to him.
Invariants: a secret is in due or in feed, once, or in hidden. ]]
local DUE, FEED, HIDDEN = KEYS[1], KEYS[2], KEYS[3]
local now = now_ms()
