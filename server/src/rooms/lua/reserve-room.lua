--[[ Give a write its room's id: once a write, and so many a day.
KEYS 1 rooms that a drifter has made, hash: hash of the write id -> room|at
ARGV 1 hash of the write id  2 an id, where it has none  3 how long it is remembered, ms  4 how many in that time
Returns { id }, or { "", ms to wait }. ]]
local now = now_ms()
local all = redis.call("HGETALL", KEYS[1])
local count, first_at = 0, nil
for i = 1, #all, 2 do
  local room, at = string.match(all[i + 1], "^(.-)|(%d+)$")
  at = tonumber(at)
  if at + tonumber(ARGV[3]) <= now then
    redis.call("HDEL", KEYS[1], all[i])
  elseif all[i] == ARGV[1] then
    return { room }
  else
    count = count + 1
    if not first_at or at < first_at then first_at = at end
  end
end
if count >= tonumber(ARGV[4]) then
  local wait = first_at and first_at + tonumber(ARGV[3]) - now or tonumber(ARGV[3])
  return { "", string.format("%.0f", wait) }
end
redis.call("HSET", KEYS[1], ARGV[1], ARGV[2] .. "|" .. string.format("%.0f", now))
redis.call("PEXPIRE", KEYS[1], ARGV[3])
return { ARGV[2] }
