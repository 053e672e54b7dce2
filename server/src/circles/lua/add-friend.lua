--[[ Note an edge in one person's record. One that has not ended stays as it is; one that has ended is
not made again by an invite that it came by.
KEYS 1 friends, hash friend -> spans: from|until|invite, the newest first, ";" between, until being "" while it lasts
ARGV 1 friend  2 epoch from which it counts  3 hash of the invite  4 friends at most  5 life, ms
  6 epochs for which ended spans are kept  7 spans kept
Returns 1, or 0 where he has too many, or has left whoever came by this invite. ]]
local old = redis.call("HGET", KEYS[1], ARGV[1])
if old and string.match(old, "^%d+||") then return 1 end
local was_by = old and string.find(old .. ";", "|" .. ARGV[3] .. ";", 1, true)
local live = 0
local flat = redis.call("HGETALL", KEYS[1])
for i = 1, #flat, 2 do
  local kept = {}
  for span in string.gmatch(flat[i + 1], "[^;]+") do
    local till = string.match(span, "^%d+|(%d*)|")
    if till == "" then live = live + 1 end
    -- No epoch that anybody may still ask for has the others.
    if till == "" or tonumber(till) >= tonumber(ARGV[2]) - tonumber(ARGV[6]) then kept[#kept + 1] = span end
  end
  local spans = table.concat(kept, ";")
  if spans == "" then
    redis.call("HDEL", KEYS[1], flat[i])
  elseif spans ~= flat[i + 1] then
    redis.call("HSET", KEYS[1], flat[i], spans)
  end
end
if was_by or live >= tonumber(ARGV[4]) then return 0 end
local spans = { ARGV[2] .. "||" .. ARGV[3] }
for span in string.gmatch(redis.call("HGET", KEYS[1], ARGV[1]) or "", "[^;]+") do
  if #spans < tonumber(ARGV[7]) then spans[#spans + 1] = span end
end
redis.call("HSET", KEYS[1], ARGV[1], table.concat(spans, ";"))
-- He lives from when he was here, and not from when somebody took his invite.
redis.call("PEXPIRE", KEYS[1], ARGV[5], "NX")
return 1
