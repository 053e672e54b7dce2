--[[ Make an invite. From the first on, only invites open a room by link.
ARGV 1 hash of the owner key  2 hash of the invite  3 uses  4 its life, ms  5 invites kept
Returns 1, or 0 where there is no such room of his. ]]
local m = read_room()
if not m or m.ownerHash ~= ARGV[1] then return 0 end
local all = redis.call("HGETALL", INVITES)
local count, oldest, oldest_at = 0, nil, nil
for i = 1, #all, 2 do
  local at = tonumber(string.match(all[i + 1], "|(%d+)$"))
  if at <= now then
    redis.call("HDEL", INVITES, all[i])
  else
    count = count + 1
    if not oldest_at or at < oldest_at then oldest, oldest_at = all[i], at end
  end
end
if count >= tonumber(ARGV[5]) then redis.call("HDEL", INVITES, oldest) end
redis.call("HSET", INVITES, ARGV[2], ARGV[3] .. "|" .. int(now + tonumber(ARGV[4])))
bound(INVITES)
if m.access == "link" then redis.call("HSET", META, "invited", "1") end
return 1
