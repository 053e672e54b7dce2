--[[ Bring the next look at a room forward. While a look is claimed, one that is due later than the claim is over stands
right before that: whoever finishes the claim could not know of it, and it would be lost.
KEYS 1 due, zset room -> when
ARGV 1 room  2 when  3 "known": not one at which nobody is to look ]]
local at = tonumber(ARGV[2])
local stands = redis.call("ZSCORE", KEYS[1], ARGV[1])
if not stands and ARGV[3] == "known" then return 0 end
local score = tonumber(stands or "inf")
if stands and score % 1 ~= 0 then at = math.min(at, math.floor(score)) end
if at < score then redis.call("ZADD", KEYS[1], string.format("%.0f", at), ARGV[1]) end
return 1
