--[[ What waits in a box, for whoever holds its key: the newest window first.
KEYS as in box.lua
ARGV 1 hash of the owner key
Returns { owner's hash, on "1" or "0", muted words, end, id, JSON ... }, or { } where it is not there or
somebody else's. ]]
if not is_owner(ARGV[1]) then return {} end
renew()
let_go()
local answer = box_fields()
for _, id in ipairs(redis.call("ZREVRANGE", WAITING, 0, -1)) do
  answer[#answer + 1] = id
  answer[#answer + 1] = redis.call("HGET", ENTRIES, id)
end
return answer
