--[[ Note an errand, once.
KEYS 1 errands, hash name -> JSON
ARGV 1 name  2 JSON  3 life, ms
Returns 1, or 0 where it lies there already. ]]
local is_new = redis.call("HSETNX", KEYS[1], ARGV[1], ARGV[2])
redis.call("PEXPIRE", KEYS[1], ARGV[3])
return is_new
