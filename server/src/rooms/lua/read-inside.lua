--[[ Which of some drifters are in.
ARGV drifter ...
Returns {} where there is no such room, or { "1", "1" or "0" for each }. ]]
if not read_room() then return {} end
local answer = { "1" }
for i, drifter in ipairs(ARGV) do
  answer[i + 1] = int(redis.call("HEXISTS", PEOPLE, "n:" .. drifter))
end
return answer
