--[[ A pair becomes a meeting; each is a recent partner of the other.
KEYS 1 base
ARGV 1 meet
Returns 1, or 0 where it has been parted.
TTL: 30 d for the lists of recent partners, from the newest. ]]
local p = read_pair(ARGV[1])
if not p then return 0 end
if p.stage ~= "new" then return 1 end
redis.call("HSET", pair_key(p.meet), "stage", "made")
redis.call("HDEL", pair_key(p.meet), "sincea", "searcha", "sinceb", "searchb")
for _, one in ipairs({ { p.a, p.b }, { p.b, p.a } }) do
  local who, other = one[1], one[2]
  local recent, holders = base .. ":recent:" .. who, base .. ":holders:" .. other
  redis.call("ZADD", recent, int(now), other)
  redis.call("SADD", holders, who)
  local kept = redis.call("ZCARD", recent)
  local old = redis.call("ZRANGEBYSCORE", recent, "-inf", int(now - RECENT_MS), "WITHSCORES")
  for i = 1, #old, 2 do
    if kept > RECENT_COUNT or tonumber(old[i + 1]) <= now - RECENT_KEEP_MS then
      redis.call("ZREM", recent, old[i])
      redis.call("SREM", base .. ":holders:" .. old[i], who)
      kept = kept - 1
    end
  end
  redis.call("PEXPIRE", recent, RECENT_KEEP_MS)
  redis.call("PEXPIRE", holders, RECENT_KEEP_MS)
end
return 1
