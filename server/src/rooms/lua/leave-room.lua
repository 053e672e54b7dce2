--[[ A member goes. Where two met, it is looked again until it is known that he has: the meeting is over for both.
ARGV 1 drifter
Returns { mask, how many are left, deadline, creator or "" }, or {} where he was not in. ]]
local m = read_room()
if not m then return {} end
local mask, left = take_out(ARGV[1])
if not mask then return {} end
let_go_of_seen()
if not m.creator then
  redis.call("ZADD", TIMERS, int(now), "e:" .. ARGV[1])
  bound(TIMERS)
end
return { mask, left, int(live_on(m)), m.creator or "" }
