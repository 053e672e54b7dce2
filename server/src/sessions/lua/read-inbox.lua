--[[ Read a drifter's inbox. Stops at the first notice that is still out of sight, so that none is passed over.
KEYS 1 session  2 inbox
ARGV 1 after: a number, or "" for "what was not read before"  2 at the most
Returns { cursor, 1 where the next is out of sight or 0, notice JSON ... }. ]]
local now = now_ms()
local read = tonumber(redis.call("HGET", KEYS[1], "inboxRead") or 0)
local from = read
if ARGV[1] ~= "" then
  -- A cursor that no answer of ours gave must not hide what is still to come.
  from = math.min(tonumber(ARGV[1]), read)
  redis.call("ZREMRANGEBYSCORE", KEYS[2], "-inf", string.format("%.0f", from))
end
local rows = redis.call("ZRANGEBYSCORE", KEYS[2], "(" .. string.format("%.0f", from), "+inf", "LIMIT", 0, ARGV[2])
local answer, cursor = { "", 0 }, from
for _, row in ipairs(rows) do
  local seq, visible, json = string.match(row, "^(%d+)|(%d+)|(.*)$")
  if tonumber(visible) > now then
    answer[2] = 1
    break
  end
  cursor = tonumber(seq)
  answer[#answer + 1] = json
end
if cursor > read and redis.call("EXISTS", KEYS[1]) == 1 then
  redis.call("HSET", KEYS[1], "inboxRead", string.format("%.0f", cursor))
end
answer[1] = string.format("%.0f", cursor)
return answer
