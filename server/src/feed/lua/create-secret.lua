--[[ Make a secret, once.
KEYS as in secret.lua
ARGV 1 life, ms  2 photo, base64, or ""  then names and values of its fields
Returns when what is there is released; false where it was deleted. ]]
if is_there() then return field("releaseAt") end
if redis.call("EXISTS", WAS) == 1 then return false end
redis.call("DEL", POST, MARKS, COMMENTS, PHOTO)
for i = 3, #ARGV, 2 do redis.call("HSET", POST, ARGV[i], ARGV[i + 1]) end
local ends = int(tonumber(field("releaseAt")) + tonumber(ARGV[1]))
redis.call("HSET", POST, "hearts", 0, "yes", 0, "no", 0, "circles", 0, "world", 0, "head", 0, "endsAt", ends)
redis.call("PEXPIREAT", POST, ends)
if ARGV[2] ~= "" then redis.call("SET", PHOTO, ARGV[2], "PXAT", ends) end
return field("releaseAt")
