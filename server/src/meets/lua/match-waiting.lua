--[[ Try those whose time has come, and end the searches that have waited long enough.
KEYS 1 base
ARGV 1 relaxMs  2 windowMs  3 waitMs, then meet and room for each pair that may come about
Returns { { pair ... }, { ending ... } }. ]]
local pairs_made, endings = {}, {}
local next_id = 4
local due = redis.call("ZRANGEBYSCORE", TRIES, "-inf", int(now), "LIMIT", 0, (#ARGV - 3) / 2)
for _, drifter in ipairs(due) do
  local w = read_waiting(drifter)
  if w and is_over(w) then
    dequeue(drifter)
    taken[drifter] = true
    local key = ending_key(w.searchId)
    redis.call("HSET", key, "roomId", "", "reason", "nobody", "tell", drifter)
    redis.call("PEXPIRE", key, ENDING_TTL)
    owe(w.searchId, now)
    endings[#endings + 1] = shown_ending(w.searchId)
  elseif w and try_pair(w, ARGV[next_id], ARGV[next_id + 1]) then
    pairs_made[#pairs_made + 1] = shown_pair(ARGV[next_id])
    next_id = next_id + 2
  end
end
return { pairs_made, endings }
