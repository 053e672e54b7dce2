--[[ Add to what came within a window of time.
KEYS 1 the window  2 the one before
ARGV 1 newcomers  2 throws  3 how long it is kept, ms
Returns newcomers and throws of the window, then of the one before.
TTL: ARGV 3 from the newest. ]]
local newcomers = redis.call("HINCRBY", KEYS[1], "newcomers", ARGV[1])
local throws = redis.call("HINCRBY", KEYS[1], "throws", ARGV[2])
redis.call("PEXPIRE", KEYS[1], ARGV[3])
local before = redis.call("HMGET", KEYS[2], "newcomers", "throws")
return { newcomers, throws, tonumber(before[1] or 0), tonumber(before[2] or 0) }
