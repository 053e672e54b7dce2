--[[ Comments after a number.
KEYS as in secret.lua
ARGV 1 number
Returns { "there", comment JSON ... }, or { } where the secret is not there. ]]
if not is_there() then return {} end
local head = tonumber(field("head"))
local missing = head - tonumber(ARGV[1])
local answer = { "there" }
if missing <= 0 then return answer end
for _, json in ipairs(redis.call("LRANGE", COMMENTS, -missing, -1)) do answer[#answer + 1] = json end
return answer
