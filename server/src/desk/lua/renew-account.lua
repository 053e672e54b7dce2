--[[ Another password or secret. Sessions are of a version: all of them end.
KEYS 1 account
ARGV 1 version that it must have  2… name of a field, value
Returns 1, or 0 where it has another version or is gone. ]]
if redis.call("HGET", KEYS[1], "version") ~= ARGV[1] then return 0 end
for i = 2, #ARGV, 2 do redis.call("HSET", KEYS[1], ARGV[i], ARGV[i + 1]) end
redis.call("HINCRBY", KEYS[1], "version", 1)
return 1
