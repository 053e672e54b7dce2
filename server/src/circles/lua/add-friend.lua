--[[ Note an edge in one person's record. One that has not ended stays as it is.
KEYS 1 friends, hash friend -> from|until|invite, until being "" while it lasts
ARGV 1 friend  2 epoch from which it counts  3 hash of the invite  4 friends at most  5 life, ms
Returns 1, or 0 where he has too many. ]]
local old = redis.call("HGET", KEYS[1], ARGV[1])
if old and string.match(old, "^%d+||") then return 1 end
local live, ended = 0, {}
local flat = redis.call("HGETALL", KEYS[1])
for i = 1, #flat, 2 do
  local till = string.match(flat[i + 1], "^%d+|(%d*)|")
  if till == "" then
    live = live + 1
  elseif tonumber(till) < tonumber(ARGV[2]) - 2 then
    ended[#ended + 1] = flat[i]
  end
end
-- No epoch that anybody may still ask for has them.
for _, friend in ipairs(ended) do redis.call("HDEL", KEYS[1], friend) end
if live >= tonumber(ARGV[4]) then return 0 end
redis.call("HSET", KEYS[1], ARGV[1], ARGV[2] .. "||" .. ARGV[3])
redis.call("PEXPIRE", KEYS[1], ARGV[5])
return 1
