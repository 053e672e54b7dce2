--[[ Take a secret out of a feed for good.
KEYS as in feed.lua
ARGV 1 secret  2 life of a feed, ms  3 hidden ones kept
Returns 1. ]]
redis.call("ZREM", DUE, "o" .. ARGV[1], "c" .. ARGV[1])
redis.call("HDEL", BLOCKS, ARGV[1])
redis.call("ZREM", FEED, "o" .. ARGV[1], "c" .. ARGV[1])
remember(HIDDEN, ARGV[1], ARGV[2], ARGV[3])
return 1
