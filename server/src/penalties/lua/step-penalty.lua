--[[ One step more of the ladder for a function, once a key. Steps that have faded count no more.
KEYS 1 penalties: hash of a key -> step JSON
ARGV 1 key  2 function  3 reason  4 ladder, JSON list of ms  5 added by each further step, ms  6 fades after, ms
Returns the step's JSON.
TTL: the latest end and ARGV 6. ]]
local now = now_ms()
local before = redis.call("HGET", KEYS[1], ARGV[1])
local ladder, fade = cjson.decode(ARGV[4]), tonumber(ARGV[6])
local count, latest = 0, 0
local all = redis.call("HGETALL", KEYS[1])
for i = 1, #all, 2 do
  local step = cjson.decode(all[i + 1])
  if now >= step.untilAt + fade then
    if all[i] == ARGV[1] then before = false end
    redis.call("HDEL", KEYS[1], all[i])
  else
    if step["function"] == ARGV[2] then count = count + 1 end
    latest = math.max(latest, step.untilAt)
  end
end
if before then return before end
local number = count + 1
local lasts = ladder[math.min(number, #ladder)] + math.max(0, number - #ladder) * tonumber(ARGV[5])
local step = { ["function"] = ARGV[2], step = number, untilAt = now + lasts, reason = ARGV[3] }
local json = cjson.encode(step)
redis.call("HSET", KEYS[1], ARGV[1], json)
redis.call("PEXPIREAT", KEYS[1], string.format("%.0f", math.max(latest, now + lasts) + fade))
return json
