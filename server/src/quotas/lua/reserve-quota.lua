--[[ Take one from a drifter's allowance, once per write id. Never more than the limit, however many ask at once.
KEYS 1 quota of a function  2 record of the write; the same key as 1 where the write has no id
ARGV 1 limit  2 window, ms  3 value to keep in the record  4 life of the record, ms
Returns { "taken" | "again" | "exceeded", value of the record, used, reset at ms since 1970 }.
TTL: the window from its first use; the record its own life. ]]
local quota, record = KEYS[1], KEYS[2]
local limit, window, value = tonumber(ARGV[1]), tonumber(ARGV[2]), ARGV[3]
local now = now_ms()
local state = redis.call("HMGET", quota, "used", "resetsAt")
local used, resets = tonumber(state[1]) or 0, tonumber(state[2]) or 0
if resets <= now then used, resets = 0, now + window end
local function answer(code, kept) return { code, kept, used, string.format("%.0f", resets) } end
if record ~= quota then
  local before = redis.call("GET", record)
  if before then return answer("again", before) end
end
if used >= limit then return answer("exceeded", "") end
used = used + 1
redis.call("HSET", quota, "used", used, "resetsAt", string.format("%.0f", resets))
redis.call("PEXPIREAT", quota, string.format("%.0f", resets))
if record ~= quota then redis.call("SET", record, value, "PX", ARGV[4]) end
return answer("taken", value)
