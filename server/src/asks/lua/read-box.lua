--[[ A box and a page of its answers, those given last first.
KEYS as in box.lua
ARGV 1 below which number, or "+inf"  2 how many
Returns { owner's hash, on "1" or "0", muted words, end, id, number, JSON ... }, or { } where it is not there. ]]
if not is_there() then return {} end
local answer = box_fields()
local page = redis.call("ZREVRANGEBYSCORE", ANSWERED, ARGV[1], "-inf", "WITHSCORES", "LIMIT", 0, ARGV[2])
for i = 1, #page, 2 do
  answer[#answer + 1] = page[i]
  answer[#answer + 1] = page[i + 1]
  answer[#answer + 1] = redis.call("HGET", ENTRIES, page[i])
end
return answer
