--[[ Whose list it is has gone: from now on it can be taken on.
KEYS 1 blocks of a box
ARGV 1 field that says so  2 how long it can be taken on, ms
TTL: ARGV 2. Nothing is made where there is no list. ]]
if redis.call("EXISTS", KEYS[1]) == 0 then return 0 end
redis.call("HSET", KEYS[1], ARGV[1], "1")
redis.call("PEXPIRE", KEYS[1], ARGV[2])
return 1
