--[[ What has been owed for long: pairs to make and tell, endings to settle; a pair past its greatest age ends. Who
gets them has as long again, before another is given them.
KEYS 1 base
ARGV 1 how long, ms  2 things at most
Returns { { pair ... }, { ending ... } }. ]]
local owed_pairs, endings = {}, {}
local due = redis.call("ZRANGEBYSCORE", OWED, "-inf", int(now - tonumber(ARGV[1])), "LIMIT", 0, ARGV[2])
for _, meet in ipairs(due) do
  local p = read_pair(meet)
  if p and p.stage == "told" then end_pair(p, "expired", p.a .. " " .. p.b) end
  local pair, ending = shown_pair(meet), shown_ending(meet)
  if #pair > 0 then owed_pairs[#owed_pairs + 1] = pair end
  if #ending > 0 then endings[#endings + 1] = ending end
  if #pair + #ending > 0 then owe(meet, now) else redis.call("ZREM", OWED, meet) end
end
return { owed_pairs, endings }
