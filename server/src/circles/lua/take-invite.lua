--[[ Take one use of an invite, once a person.
KEYS 1 invite, hash: by, left, endsAt, u:<person>
ARGV 1 who takes it
Returns { whose invite it is, 1 where he has taken it before, else 0 }, or {} where there is none for him. ]]
local p = redis.call("HMGET", KEYS[1], "by", "left", "u:" .. ARGV[1], "endsAt")
if not p[1] or p[1] == ARGV[1] or tonumber(p[4]) <= now_ms() then return {} end
if p[3] then return { p[1], 1 } end
if tonumber(p[2]) < 1 then return {} end
redis.call("HINCRBY", KEYS[1], "left", -1)
redis.call("HSET", KEYS[1], "u:" .. ARGV[1], "1")
return { p[1], 0 }
