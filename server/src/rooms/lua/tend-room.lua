--[[ Do what is due in a room; delete one that has ended. What was done stands in the answer of every look until it
was told, and nothing more is done before.
ARGV 1 closing is told so long before the end, ms  2 things done at most
Returns { "unknown" }, { "ended", creator or "" }, or { "alive", when something is due next, deadline, creator or "", { what, ... } ... }
with what "closing", "left" mask, how many are left and drifter, "missing" drifter, or "message-gone" number. ]]
local p = redis.call("HMGET", META, "deadlineAt", "creator")
local deadline, creator = tonumber(p[1] or "0"), p[2] or ""
if deadline == 0 then return { "unknown" } end
if deadline <= now then
  delete_room()
  return { "ended", creator }
end
local m = read_room()
local done, has_lost = cjson.decode(m.untold or "[]"), false
local due = #done > 0 and {} or redis.call("ZRANGEBYSCORE", TIMERS, "-inf", int(now), "LIMIT", 0, ARGV[2])
for _, timer in ipairs(due) do
  local kind, what = string.sub(timer, 1, 1), string.sub(timer, 3)
  if kind == "c" then
    local closing_at = deadline - tonumber(ARGV[1])
    -- What has been put off meanwhile is told later; what is told now is looked at again at the end.
    redis.call("ZADD", TIMERS, int(closing_at > now and closing_at or deadline), "c")
    if closing_at <= now then done[#done + 1] = { "closing" } end
  elseif kind == "a" then
    local mask, left = take_out(what)
    if mask then
      done[#done + 1] = { "left", mask, left, what }
      -- What all who are left have seen, the last of them has seen: so it is asked of him, and of those who stay.
      if left == 1 then let_go_of_seen() end
      has_lost = true
    end
  elseif kind == "e" then
    redis.call("ZREM", TIMERS, timer)
    done[#done + 1] = { "missing", what }
  else
    local message, index = message_at(tonumber(what))
    redis.call("ZREM", TIMERS, timer)
    if message then
      empty_message(message, index)
      done[#done + 1] = { "message-gone", what }
    end
  end
end
if has_lost then let_go_of_seen() end
local next_at = deadline
if m.kind == "presence" and redis.call("ZCARD", MEMBERS) > tonumber(redis.call("HGET", META, "away")) then
  -- Somebody is there: it is looked at, and so renewed, long before the lease ends.
  deadline = live_on(m)
  next_at = deadline - tonumber(m.leaseMs) / 2
end
if #done > 0 then redis.call("HSET", META, "untold", cjson.encode(done)) end
local first = redis.call("ZRANGE", TIMERS, 0, 0, "WITHSCORES")
local due_at = int(math.min(tonumber(first[2] or deadline), next_at))
return { "alive", due_at, int(deadline), creator, unpack(done) }
