--[[ Open or shut a box, and say which words it mutes.
KEYS as in box.lua
ARGV 1 hash of the owner key  2 "1", "0", or "" to leave it  3 muted words, JSON, or ""
Returns 1, or 0 where it is not there or somebody else's. ]]
if not is_owner(ARGV[1]) then return 0 end
if ARGV[2] ~= "" then redis.call("HSET", BOX, "isOn", ARGV[2]) end
if ARGV[3] ~= "" then redis.call("HSET", BOX, "mutedWords", ARGV[3]) end
renew()
return 1
