--[[ What was complained of an item so far weighs nothing more; who complained is remembered.
KEYS 1 reports on an item
ARGV 1 "1" where it may stay  2 how long it is kept, ms
Returns 1.
TTL: ARGV 2. ]]
redis.call("HDEL", KEYS[1], "~weight", "~grave", "~most")
if ARGV[1] == "1" then
  redis.call("HSET", KEYS[1], "~kept", "1")
  redis.call("PEXPIRE", KEYS[1], ARGV[2])
end
return 1
