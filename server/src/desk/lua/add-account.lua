--[[ A new account of a moderator, where its name is free.
KEYS 1 account  2 names
ARGV 1 name  2 id  3 hash of the password  4 secret of the codes
TTL: none; it is no drifter's, and ends by remove-account.
Returns 1, or 0 where the name is taken. ]]
if redis.call("EXISTS", KEYS[1]) == 1 then return 0 end
local now = string.format("%.0f", now_ms())
redis.call("HSET", KEYS[1], "id", ARGV[2], "password", ARGV[3], "secret", ARGV[4],
  "since", now, "version", 1, "step", 0)
redis.call("ZADD", KEYS[2], now, ARGV[1])
return 1
