--[[ What was claimed is done. A time that was set meanwhile stays: only a claim ends in a half.
KEYS 1 due, zset room -> when  2 listed rooms, zset
ARGV room and when it is due next, or "" where it has ended; and so on ]]
for i = 1, #ARGV, 2 do
  local room, at = ARGV[i], ARGV[i + 1]
  if at == "" then
    redis.call("ZREM", KEYS[1], room)
    redis.call("ZREM", KEYS[2], room)
  else
    local score = tonumber(redis.call("ZSCORE", KEYS[1], room) or "0")
    if score % 1 ~= 0 or score > tonumber(at) then redis.call("ZADD", KEYS[1], at, room) end
  end
end
return 1
