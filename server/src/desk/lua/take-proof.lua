--[[ Take a proof of who one is, once, and open a session with it. A code's step is never taken twice.
KEYS 1 account  2 session, where one is to be opened
ARGV 1 version that was looked at  2 step of the code  3 "1" where password and code are right
     4 name  5 idle time, ms  6 life, ms
TTL: the idle time.
Returns 1, or 0 where it is refused. ]]
local known = redis.call("HMGET", KEYS[1], "version", "step", "id")
if not known[1] or ARGV[3] ~= "1" or known[1] ~= ARGV[1] then return 0 end
if tonumber(ARGV[2]) <= tonumber(known[2]) then return 0 end
redis.call("HSET", KEYS[1], "step", ARGV[2])
if KEYS[2] then
  local now = now_ms()
  redis.call("HSET", KEYS[2], "name", ARGV[4], "id", known[3], "version", known[1],
    "idle", string.format("%.0f", now + tonumber(ARGV[5])),
    "ends", string.format("%.0f", now + tonumber(ARGV[6])))
  redis.call("PEXPIRE", KEYS[2], ARGV[5])
end
return 1
