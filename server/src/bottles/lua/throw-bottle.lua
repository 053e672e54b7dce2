--[[ Set a bottle afloat, or seal it. Once per id: again changes nothing.
KEYS 1 sea base
ARGV 1 id  2 thrower  3 text  4 kind  5 mood or ""  6 life, ms  7 finders  8 sealed until, ms since 1970, or 0
     9 how long its thrower keeps it after its life, ms  10 silence after which the sea ends, ms, or 0
Returns "new" or "again".
TTL: the bottle and its thrower's index end after life + keep. ]]
local id, owner, text, kind, mood = ARGV[1], ARGV[2], ARGV[3], ARGV[4], ARGV[5]
local life, finders, sealed, keep = num(ARGV[6]), num(ARGV[7]), num(ARGV[8]), num(ARGV[9])
local silence = num(ARGV[10])
if redis.call("EXISTS", bottle_key(id)) == 1 then return "again" end
local starts = sealed > now and sealed or now
local expires = starts + life
redis.call("HSET", bottle_key(id), "owner", owner, "text", text, "kind", kind, "mood", mood, "finders", finders,
  "thrownAt", string.format("%.0f", now), "expiresAt", string.format("%.0f", expires), "lifeMs", life,
  "sealedUntilAt", string.format("%.0f", sealed > now and sealed or 0), "free", finders, "muted", "0", "boosted", "0", "threads", "")
redis.call("PEXPIREAT", bottle_key(id), string.format("%.0f", expires + keep))
index_until(base .. ":own:" .. owner, id, expires + keep)
if silence > 0 then
  redis.call("SET", root .. ":silent", string.format("%.0f", now + silence))
  redis.call("ZREMRANGEBYSCORE", base .. ":all", "-inf", string.format("%.0f", now))
  index_until(base .. ":all", id, expires + keep)
else
  redis.call("DEL", root .. ":silent")
end
local b = load_bottle(id)
b.state = starts > now and "sealed" or "open"
if b.state == "sealed" then set_timer("unseal", id, starts) end
set_timer("boost", id, expires - life / 4)
set_timer("expire", id, expires)
save(b)
return "new"
