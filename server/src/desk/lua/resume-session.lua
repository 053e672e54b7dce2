--[[ Renew a session that has not ended, and whose account is as it was.
KEYS 1 session  2 account
ARGV 1 idle time from now on, ms
TTL: the idle time, but never beyond the session's end.
Returns 1, or 0. ]]
local session = redis.call("HMGET", KEYS[1], "idle", "ends", "id", "version")
if not session[1] then return 0 end
local now = now_ms()
local ends = tonumber(session[2])
if math.min(tonumber(session[1]), ends) <= now then return 0 end
local account = redis.call("HMGET", KEYS[2], "id", "version")
if account[1] ~= session[3] or account[2] ~= session[4] then return 0 end
redis.call("HSET", KEYS[1], "idle", string.format("%.0f", now + tonumber(ARGV[1])))
redis.call("PEXPIRE", KEYS[1], math.min(tonumber(ARGV[1]), ends - now))
return 1
