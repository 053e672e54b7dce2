--[[ Whose list it is has gone: from now on it can be taken on. Again changes nothing.
KEYS 1 blocks of a box
ARGV 1 field that says so, and how many have tried since  2 how long it can be taken on, ms
TTL: ARGV 2. Nothing is made where there is no list. ]]
if redis.call("EXISTS", KEYS[1]) == 0 then return 0 end
local is_first = redis.call("HSETNX", KEYS[1], ARGV[1], "0")
if is_first == 1 then redis.call("PEXPIRE", KEYS[1], ARGV[2]) end
return is_first
