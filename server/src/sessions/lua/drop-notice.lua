--[[ Take a notice out of the inbox, because it is told in another way.
KEYS 1 session  2 inbox
ARGV 1 its number
Returns 1, or 0 where it was read there already. ]]
if tonumber(redis.call("HGET", KEYS[1], "inboxRead") or 0) >= tonumber(ARGV[1]) then return 0 end
return redis.call("ZREMRANGEBYSCORE", KEYS[2], ARGV[1], ARGV[1])
