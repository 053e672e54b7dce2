--[[ A secret, and what one reader has done with it.
KEYS as in secret.lua
ARGV 1 the reader's mark
Returns { heart "1" or "", vote or "", field, value ... }, or { } where it is not there. ]]
if not is_there() then return {} end
local m = redis.call("HMGET", MARKS, "h:" .. ARGV[1], "v:" .. ARGV[1])
local answer = redis.call("HGETALL", POST)
table.insert(answer, 1, m[2] or "")
table.insert(answer, 1, m[1] or "")
return answer
