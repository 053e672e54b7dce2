--[[ Make an invite.
KEYS 1 invite
ARGV 1 whose  2 uses  3 life, ms
Returns 1. ]]
redis.call("HSET", KEYS[1], "by", ARGV[1], "left", ARGV[2], "endsAt", string.format("%.0f", now_ms() + ARGV[3]))
redis.call("PEXPIRE", KEYS[1], ARGV[3])
return 1
