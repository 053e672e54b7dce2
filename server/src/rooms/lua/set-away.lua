--[[ A process has lost members; whom no other serves is in until the grace is over, unless he enters again.
ARGV 1 process that held them  2 drifter, or "" for all whom it held  3 when the grace is over
Returns when the room is to be looked at, or 0 where nobody was found. ]]
local m = read_room()
if not m then return 0 end
local found = 0
local drifters = ARGV[2] ~= "" and { ARGV[2] } or redis.call("ZRANGE", MEMBERS, 0, -1)
for _, drifter in ipairs(drifters) do
  local nodes = redis.call("HGET", PEOPLE, "n:" .. drifter)
  local left = nodes and without(nodes, ARGV[1])
  if nodes and left ~= nodes then
    redis.call("HSET", PEOPLE, "n:" .. drifter, left)
    if left == "" and redis.call("ZADD", TIMERS, "NX", ARGV[3], "a:" .. drifter) == 1 then
      redis.call("HINCRBY", META, "away", 1)
      found = found + 1
    end
  end
end
if found == 0 then return 0 end
bound(TIMERS)
return int(math.min(tonumber(ARGV[3]), live_on(m)))
