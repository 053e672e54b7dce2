--[[ Members lose their connection; they are in until the grace is over, unless they enter again.
ARGV 1 process that held them  2 drifter, or "" for all whom it held  3 when the grace is over
Returns when the room is to be looked at, or 0 where nobody was found. ]]
local m = read_room()
if not m then return 0 end
local found = 0
local drifters = ARGV[2] ~= "" and { ARGV[2] } or redis.call("ZRANGE", MEMBERS, 0, -1)
for _, drifter in ipairs(drifters) do
  if redis.call("HGET", PEOPLE, "n:" .. drifter) == ARGV[1]
    and redis.call("ZADD", TIMERS, "NX", ARGV[3], "a:" .. drifter) == 1 then
    redis.call("HINCRBY", META, "away", 1)
    found = found + 1
  end
end
if found == 0 then return 0 end
bound(TIMERS)
return int(math.min(tonumber(ARGV[3]), live_on(m)))
