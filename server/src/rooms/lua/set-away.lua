--[[ A process has lost members; whom no other serves is in until the grace is over, unless he enters again.
ARGV 1 process that held them  2 drifter, or "" for all whom it held  3 when the grace is over
Returns when the room is to be looked at, or 0 where nobody was found. ]]
local m = read_room()
if not m then return 0 end
local found, at = 0, nil
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
  -- Said before: that he goes may not have been noted where rooms are looked for.
  local goes = left == "" and redis.call("ZSCORE", TIMERS, "a:" .. drifter)
  if goes then at = math.min(at or tonumber(goes), tonumber(goes)) end
end
if not at then return 0 end
local deadline = tonumber(m.deadlineAt)
if found > 0 then
  bound(TIMERS)
  deadline = live_on(m)
end
return int(math.min(at, deadline))
