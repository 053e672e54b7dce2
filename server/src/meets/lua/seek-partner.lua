--[[ Seek a partner, and be paired at once where somebody fits. Leaves a pair that has been made.
KEYS 1 base
ARGV 1 relaxMs  2 windowMs  3 waitMs  4 drifter  5 search JSON  6 meet and  7 room, where a pair comes about
Returns { pair or {}, ending of the pair that he left or {} }.
TTL: a day for the queue, 32 d for the pair. ]]
local who, search = ARGV[4], cjson.decode(ARGV[5])
local json, since, left = ARGV[5], now, nil
local p = pair_of(who)
if p and p.stage ~= "new" then left = walk_out(p, who) end
local before = dequeue(who)
if p and p.stage == "new" then before = waiting(who, p["since" .. side_of(p, who)], p["search" .. side_of(p, who)]) end
if before then
  search.searchId = before.searchId
  json = cjson.encode(search)
  if search.mode == "random" and not is_over(before) then since = before.since end
end
-- Found already, and does not know it yet: what he asks for now holds where the pair is parted.
if p and p.stage == "new" then
  local side = side_of(p, who)
  redis.call("HSET", pair_key(p.meet), "since" .. side, int(since), "search" .. side, json)
  return { {}, {} }
end
local w = waiting(who, since, json)
enqueue(w, now)
local paired = try_pair(w, ARGV[6], ARGV[7])
return { shown_pair(paired and ARGV[6]), shown_ending(left) }
