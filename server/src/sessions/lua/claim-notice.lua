--[[ Take a notice out of sight, because it is being told in another way.
KEYS 1 session  2 inbox
ARGV 1 its number  2 for so long, ms
Returns 1, or 0 where it was read there already, is being told, or is not there. ]]
if tonumber(redis.call("HGET", KEYS[1], "inboxRead") or 0) >= tonumber(ARGV[1]) then return 0 end
local row = redis.call("ZRANGEBYSCORE", KEYS[2], ARGV[1], ARGV[1])[1]
if not row then return 0 end
local now = now_ms()
local seq, visible, json = string.match(row, "^(%d+)|(%d+)|(.*)$")
if tonumber(visible) > now then return 0 end
-- The new row first: without one the inbox would be gone, and with it its TTL.
redis.call("ZADD", KEYS[2], seq, string.format("%s|%.0f|", seq, now + tonumber(ARGV[2])) .. json)
redis.call("ZREM", KEYS[2], row)
return 1
