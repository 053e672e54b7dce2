--[[ Both of a pair have been told: nothing is owed until its greatest age.
KEYS 1 base
ARGV 1 meet
Returns 1, or 0 where it has ended. ]]
local p = read_pair(ARGV[1])
if not p then return 0 end
if p.stage == "made" then
  redis.call("HSET", pair_key(p.meet), "stage", "told")
  owe(p.meet, tonumber(p.at) + PAIR_MAX_MS)
end
return 1
