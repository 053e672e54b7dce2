--[[ Keep a value, the first that is given, and say which one is kept.
KEYS 1 where
ARGV 1 value  2 how long it is kept, ms
Returns the value that is kept.
TTL: ARGV 2 from the first. ]]
if redis.call("SET", KEYS[1], ARGV[1], "PX", ARGV[2], "NX") then return ARGV[1] end
return redis.call("GET", KEYS[1])
