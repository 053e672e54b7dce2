--[[ Note that a reader wants to hear no more of a secret.
KEYS as in feed.lua
ARGV 1 secret  2 life of a feed, ms  3 muted ones kept
Returns 1. ]]
remember(MUTED, ARGV[1], ARGV[2], ARGV[3])
return 1
