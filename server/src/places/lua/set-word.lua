--[[ Set what somebody has said of where he is, where it is still what it was.
KEYS 1 word, string
ARGV 1 what it was, or ""  2 what it shall be  3 life, ms
Returns 1, or 0 where it is another by now. ]]
if (redis.call("GET", KEYS[1]) or "") ~= ARGV[1] then return 0 end
redis.call("SET", KEYS[1], ARGV[2], "PX", ARGV[3])
return 1
