--[[ Let somebody in.
ARGV 1 drifter  2 his process  3 a mask for him, JSON, where he has none  4 its id  5 hash of an invite, or ""
     6 knocks kept  7 "look" to do nothing but say whether he would be told "gone", else ""
Returns { "gone" | "full" }, { "may" } after a look, { "locked", mask, creator or "", "1" where he had not knocked yet }, or
{ "in", mask, "1" where he was not in, fields }. ]]
local m = read_room()
if not m then return { "gone" } end
local drifter = ARGV[1]
local p = redis.call("HMGET", PEOPLE, "p:" .. drifter, "n:" .. drifter, "a:" .. drifter, "k:" .. drifter)
local mask, inside, let_in, removed = p[1], p[2], p[3], p[4]
if removed then return { "gone" } end

-- Gives him this mask where he has none.
local function masked()
  if mask then return end
  mask = ARGV[3]
  redis.call("HSET", PEOPLE, "p:" .. drifter, mask, "i:" .. ARGV[4], drifter)
  bound(PEOPLE)
end

local uses, ends_at
if not inside and not let_in and drifter ~= m.creator then
  if m.invited == "1" then
    local invite = ARGV[5] ~= "" and redis.call("HGET", INVITES, ARGV[5])
    if not invite then return { "gone" } end
    uses, ends_at = string.match(invite, "^(%d+)|(%d+)$")
    if tonumber(ends_at) <= now then return { "gone" } end
  end
end
if ARGV[7] == "look" then return { "may" } end
if not inside and not let_in and drifter ~= m.creator then
  if m.locked == "1" then
    -- A crowd before the door takes nobody's place there, and is not told.
    local knocked = redis.call("ZSCORE", KNOCKS, drifter)
    if not knocked and redis.call("ZCARD", KNOCKS) >= tonumber(ARGV[6]) then
      return { "locked", mask or ARGV[3], m.creator or "", "0" }
    end
    masked()
    local first = redis.call("ZADD", KNOCKS, "NX", int(now), drifter)
    bound(KNOCKS)
    return { "locked", mask, m.creator or "", int(first) }
  end
end
if not inside and redis.call("ZCARD", MEMBERS) >= tonumber(m.capacity) then return { "full" } end
if uses == "1" then redis.call("HDEL", INVITES, ARGV[5])
elseif uses then redis.call("HSET", INVITES, ARGV[5], int(tonumber(uses) - 1) .. "|" .. ends_at) end
masked()
-- Who was in once comes in again without an invite.
-- He may have come by several processes, and is away when the last of them has lost him.
local nodes = without(inside or "", ARGV[2])
nodes = nodes == "" and ARGV[2] or nodes .. " " .. ARGV[2]
redis.call("HSET", PEOPLE, "n:" .. drifter, nodes, "a:" .. drifter, "1")
redis.call("HDEL", PEOPLE, "h:" .. drifter)
redis.call("ZREM", KNOCKS, drifter)
redis.call("ZREM", TIMERS, "e:" .. drifter)
if not inside then redis.call("ZADD", MEMBERS, redis.call("HINCRBY", META, "came", 1), drifter) end
if redis.call("ZREM", TIMERS, "a:" .. drifter) == 1 then redis.call("HINCRBY", META, "away", -1) end
bound(PEOPLE)
bound(MEMBERS)
live_on(m)
return { "in", mask, inside and "0" or "1", shown() }
