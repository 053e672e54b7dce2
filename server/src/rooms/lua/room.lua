--[[ Shared by every script of a room; not a script by itself.
KEYS 1 meta, hash  2 log, list of messages  3 and 4 records of writes, hashes that take turns
     5 members, zset drifter -> order of coming  6 people, hash  7 timers, zset  8 photos, hash  9 invites, hash
     10 knocks, zset drifter -> knocked at  11 trace that outlives the room
people: p:<drifter> mask  i:<mask id> drifter  n:<drifter> processes that serve a member  a:<drifter> let in
        k:<drifter> removed  s:<drifter> wrote at
        o:<drifter> numbers of messages that are seen once and that he has seen, a space behind each
        v:<seq> and f:<seq> a message that is out of sight pending review, and its photo
        h:<drifter> number up to which he who is out may still point at messages
invites: hash of an invite -> uses|ends at
timers: c closing is told  a:<drifter> he has gone  e:<drifter> he was awaited, or has left where two met  g:<seq> message goes
        o:<seq> somebody has seen what is seen once, and it is still there; never due
photos: id -> seq|base64
Invariants: the log holds messages first..head without a gap; each member has p: and n:, and where
his connection is gone a timer a:; meta.away counts those; every key but the trace ends at meta.ttlAt,
which is never before meta.deadlineAt. ]]
local META, LOG, MEMBERS, PEOPLE, TIMERS, PHOTOS, INVITES, KNOCKS, WAS =
  KEYS[1], KEYS[2], KEYS[5], KEYS[6], KEYS[7], KEYS[8], KEYS[9], KEYS[10], KEYS[11]
local CONTENT = 10
local now = now_ms()

local function int(n) return string.format("%.0f", n) end

-- The room's fields, or nil where there is none or it has ended.
local function read_room()
  local flat = redis.call("HGETALL", META)
  if #flat == 0 then return nil end
  local m = {}
  for i = 1, #flat, 2 do m[flat[i]] = flat[i + 1] end
  if tonumber(m.deadlineAt) <= now then return nil end
  return m
end

-- What a room looks like to the caller: its fields, and how many are in.
local function shown()
  local flat = redis.call("HGETALL", META)
  flat[#flat + 1] = "members"
  flat[#flat + 1] = int(redis.call("ZCARD", MEMBERS))
  return flat
end

-- A key that may be new ends with the room.
local function bound(key)
  redis.call("PEXPIREAT", key, redis.call("HGET", META, "ttlAt"), "NX")
end

-- Moves the deadline, and the end of every key where it would come too early, or far too late.
local SLACK_MS = 1000
local function live_until(deadline)
  redis.call("HSET", META, "deadlineAt", int(deadline))
  local ttl = tonumber(redis.call("HGET", META, "ttlAt") or "0")
  if ttl >= deadline and ttl <= deadline + SLACK_MS then return end
  ttl = int(deadline + SLACK_MS)
  redis.call("HSET", META, "ttlAt", ttl)
  for i = 1, CONTENT do redis.call("PEXPIREAT", KEYS[i], ttl) end
end

-- A presence room lives while somebody is there, and a grace longer. Returns the deadline.
local function live_on(m)
  if m.kind ~= "presence" then return tonumber(m.deadlineAt) end
  local here = redis.call("ZCARD", MEMBERS) - tonumber(redis.call("HGET", META, "away"))
  local span = tonumber(m.ms)
  if here > 0 then span = math.max(span, tonumber(m.leaseMs)) end
  local deadline = math.min(now + span, tonumber(m.capAt))
  live_until(deadline)
  return deadline
end

local function delete_room()
  for i = 1, CONTENT do redis.call("UNLINK", KEYS[i]) end
end

-- The message of a number, with where it lies in the log; nil where it has given way.
local function message_at(seq)
  local head = tonumber(redis.call("HGET", META, "head"))
  if seq < 1 or seq > head then return nil end
  local json = redis.call("LINDEX", LOG, seq - head - 1)
  if not json then return nil end
  return cjson.decode(json), seq - head - 1
end

-- What somebody has seen of what is seen once, and whether a message is of that.
local function seen_once(drifter) return redis.call("HGET", PEOPLE, "o:" .. drifter) or "" end
local function is_among(seen, seq)
  return string.find(" " .. seen, " " .. int(seq) .. " ", 1, true) ~= nil
end

-- The same, without what the log has no more; looked through only where it has become long.
local SEEN_USUAL = 1024
local function without_older(seen)
  if #seen <= SEEN_USUAL then return seen end
  local first = tonumber(redis.call("HGET", META, "head")) - redis.call("LLEN", LOG) + 1
  local kept = {}
  for seq in string.gmatch(seen, "%d+") do
    if tonumber(seq) >= first then kept[#kept + 1] = seq .. " " end
  end
  return table.concat(kept)
end

-- Whether everybody who is in, but its writer, has seen a message; asked of not too many.
local SEEN_BY_ALL = 100
local function seen_by_all(message)
  if redis.call("ZCARD", MEMBERS) > SEEN_BY_ALL then return false end
  local author = redis.call("HGET", PEOPLE, "i:" .. message.from.id)
  for _, drifter in ipairs(redis.call("ZRANGE", MEMBERS, 0, -1)) do
    if drifter ~= author and not is_among(seen_once(drifter), message.seq) then return false end
  end
  return true
end

-- Takes a member out; his mask stays his. Behind the last of a script: `let_go_of_seen`.
-- Returns the mask and how many are left, or nil.
local function take_out(drifter)
  if redis.call("ZREM", MEMBERS, drifter) == 0 then return nil end
  redis.call("HDEL", PEOPLE, "n:" .. drifter)
  redis.call("HSET", PEOPLE, "h:" .. drifter, redis.call("HGET", META, "head"))
  if redis.call("ZREM", TIMERS, "a:" .. drifter) == 1 then redis.call("HINCRBY", META, "away", -1) end
  return redis.call("HGET", PEOPLE, "p:" .. drifter), redis.call("ZCARD", MEMBERS)
end

-- What all who are left have seen once is due to go. One look at each of them, however many messages there are.
local function let_go_of_seen()
  local left = redis.call("ZCARD", MEMBERS)
  if left == 0 or left > SEEN_BY_ALL then return end
  local timers = redis.call("ZRANGEBYSCORE", TIMERS, "+inf", "+inf")
  if #timers == 0 then return end
  local is_in, times = {}, {}
  for _, drifter in ipairs(redis.call("ZRANGE", MEMBERS, 0, -1)) do
    is_in[drifter] = true
    for seq in string.gmatch(seen_once(drifter), "%d+") do times[seq] = (times[seq] or 0) + 1 end
  end
  for _, name in ipairs(timers) do
    local seq = string.sub(name, 3)
    local message = message_at(tonumber(seq))
    local author = message and redis.call("HGET", PEOPLE, "i:" .. message.from.id)
    -- Its writer is not asked.
    if message and (times[seq] or 0) >= left - (is_in[author] and 1 or 0) then
      redis.call("ZADD", TIMERS, int(now), "g:" .. seq)
    end
  end
end

-- Up to which number a drifter may point at messages: all while he is in, else what was there when he went.
local function may_point_to(drifter)
  local p = redis.call("HMGET", PEOPLE, "n:" .. drifter, "h:" .. drifter)
  if p[1] then return tonumber(redis.call("HGET", META, "head")) end
  return tonumber(p[2] or "0")
end

-- Ids of processes with a space between, without one of them.
local function without(nodes, node)
  local left = {}
  for one in string.gmatch(nodes, "%S+") do if one ~= node then left[#left + 1] = one end end
  return table.concat(left, " ")
end

local function has_gone(message)
  return message.goneAt ~= nil and tonumber(message.goneAt) <= now
end

-- What a message said goes; its number, writer and time stay.
local function empty_message(message, index)
  if message.photoId then redis.call("HDEL", PHOTOS, message.photoId) end
  message.text, message.sealed, message.photoId = nil, nil, nil
  message.goneAt = math.min(now, tonumber(message.goneAt or now))
  redis.call("LSET", LOG, index, cjson.encode(message))
  redis.call("ZREM", TIMERS, "g:" .. int(message.seq), "o:" .. int(message.seq))
end
