--[[ Take a secret out of a feed for good.
KEYS as in feed.lua
ARGV 1 secret  2 life of a feed, ms
Returns 1. ]]
redis.call("ZREM", DUE, "o" .. ARGV[1], "c" .. ARGV[1])
redis.call("ZREM", FEED, "o" .. ARGV[1], "c" .. ARGV[1])
redis.call("SADD", HIDDEN, ARGV[1])
redis.call("PEXPIRE", HIDDEN, ARGV[2])
return 1
