--[[ Renew a session that has not ended, and what hangs on it.
KEYS 1 session  2 inbox  3 ids of notices  4 list of his threads
ARGV 1 life from now on, ms
Returns { since, persona JSON, public half of his box }, or {} where there is none. ]]
local session = redis.call("HMGET", KEYS[1], "since", "persona", "box")
if not session[1] then return {} end
local today = string.format("%.0f", math.floor(now_ms() / 86400000))
if redis.call("HGET", KEYS[1], "day") ~= today then
  redis.call("HSET", KEYS[1], "day", today)
  redis.call("HINCRBY", KEYS[1], "days", 1)
end
for i = 1, 4 do keep_about(KEYS[i], tonumber(ARGV[1])) end
return session
