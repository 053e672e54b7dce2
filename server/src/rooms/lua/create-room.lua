--[[ Make a room. Once an id, and never again after its end.
ARGV 1 life, ms  2 longest life, ms  3 closing is told so long before the end, ms  4 trace is kept longer than
     the longest life by, ms  5 a presence room in which somebody is lives on at least, ms
     6 fields of meta, JSON  7.. who may enter without an invite, and is awaited
Returns { fields } as in `shown`, or {} where it has ended.
TTL: its deadline; the trace: the longest life and ARGV 4. ]]
if redis.call("EXISTS", WAS) == 1 then
  if not read_room() then return {} end
  return shown()
end
local life, cap = tonumber(ARGV[1]), tonumber(ARGV[2])
redis.call("SET", WAS, "1", "PX", int(cap + tonumber(ARGV[4])))
local fields = cjson.decode(ARGV[6])
for name, value in pairs(fields) do redis.call("HSET", META, name, value) end
redis.call("HSET", META, "head", 0, "epoch", 0, "away", 0, "turn", 0, "capAt", int(now + cap),
  "ms", ARGV[1], "leaseMs", ARGV[5])
local deadline = now + math.min(life, cap)
-- Whom the room is made for is awaited until it would end without him.
for i = 7, #ARGV do
  redis.call("HSET", PEOPLE, "a:" .. ARGV[i], "1")
  redis.call("ZADD", TIMERS, int(deadline), "e:" .. ARGV[i])
end
if fields.kind ~= "presence" then
  redis.call("ZADD", TIMERS, int(math.max(now, deadline - tonumber(ARGV[3]))), "c")
end
live_until(deadline)
return shown()
