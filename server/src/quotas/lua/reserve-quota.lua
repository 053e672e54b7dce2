--[[ Take one from a drifter's allowance, once per write id. Never more than the limit, however many ask at once.
KEYS 1 quota of a function  2 records of writes  3 row of lapses
ARGV 1 limit  2 window, ms  3 write id, or ""  4 life of a record, ms
Returns { "taken" | "again" | "exceeded", used, reset at ms since 1970, closed until ms since 1970 or 0 }.
TTL: the window from its first use; the records as long as the newest of them. ]]
local quota, writes, lapses = KEYS[1], KEYS[2], KEYS[3]
local limit, window, write, record_ms = tonumber(ARGV[1]), tonumber(ARGV[2]), ARGV[3], tonumber(ARGV[4])
local now = now_ms()
local state = redis.call("HMGET", quota, "used", "resetsAt")
local used, resets = tonumber(state[1]) or 0, tonumber(state[2]) or 0
if resets <= now then used, resets = 0, now + window end
local closed = tonumber(redis.call("HGET", lapses, "closedUntil") or 0)
if closed <= now then closed = 0 end
local function answer(code) return { code, used, string.format("%.0f", resets), string.format("%.0f", closed) } end
if write ~= "" then
  local till = tonumber(redis.call("HGET", writes, write) or 0)
  if till > now then return answer("again") end
end
if used >= limit then return answer("exceeded") end
used = used + 1
redis.call("HSET", quota, "used", used, "resetsAt", string.format("%.0f", resets))
redis.call("PEXPIREAT", quota, string.format("%.0f", resets))
if write ~= "" then
  -- Bounded: a window holds at most `limit` of them, and the old ones go here.
  if redis.call("HLEN", writes) % 50 == 49 then
    local all = redis.call("HGETALL", writes)
    for i = 1, #all, 2 do
      if tonumber(all[i + 1]) <= now then redis.call("HDEL", writes, all[i]) end
    end
  end
  redis.call("HSET", writes, write, string.format("%.0f", now + record_ms))
  redis.call("PEXPIRE", writes, record_ms)
end
return answer("taken")
