--[[ Who is paired with whom; shared by seek-partner and match-waiting, behind meets.lua; not a script by itself.
ARGV 1 relaxMs  2 windowMs  3 waitMs ]]
local relax_ms, window_ms, wait_ms = tonumber(ARGV[1]), tonumber(ARGV[2]), tonumber(ARGV[3])

local function ends_at(w) return w.since + (w.mode == "shake" and window_ms or wait_ms) end
local function is_over(w) return ends_at(w) <= now end
local function is_relaxed(w) return now - w.since >= relax_ms end
local function is_open(w) return #w.interests == 0 or is_relaxed(w) end

-- The longest waiting of a mode, read once a script; who is paired on the way is marked.
local windows, taken = {}, {}
local function window_of(mode)
  if windows[mode] then return windows[mode] end
  local flat = redis.call("ZRANGE", queue_key(mode), 0, SCANNED - 1, "WITHSCORES")
  local ids, window = {}, {}
  for i = 1, #flat, 2 do ids[#ids + 1] = flat[i] end
  if #ids > 0 then
    local asked = redis.call("HMGET", ASKED, unpack(ids))
    for i, id in ipairs(ids) do window[i] = waiting(id, flat[2 * i], asked[i]) end
  end
  windows[mode] = window
  return window
end

local function has_met(drifter, other)
  local key = base .. ":recent:" .. drifter
  local at = tonumber(redis.call("ZSCORE", key, other) or "0")
  if at > now - RECENT_MS then return true end
  return at > now - RECENT_KEEP_MS and redis.call("ZREVRANK", key, other) < RECENT_COUNT
end

-- Who fits best, as { with, shared, again }, or nil.
local function choose(w)
  local fits = {}
  for at, other in ipairs(window_of(w.mode)) do
    if other.id ~= w.id and not taken[other.id] and not is_over(other)
      and not w.blocks[other.id] and not other.blocks[w.id] then
      local shared = {}
      for _, word in ipairs(w.interests) do
        if other.words[word] then shared[#shared + 1] = word end
      end
      if w.mode == "shake" or #shared > 0 or (is_open(w) and is_open(other)) then
        fits[#fits + 1] = { with = other, shared = shared, at = at, again = false }
      end
    end
  end
  table.sort(fits, function(one, two)
    if #one.shared ~= #two.shared then return #one.shared > #two.shared end
    return one.at < two.at
  end)
  local met = nil
  for _, fit in ipairs(fits) do
    if not has_met(w.id, fit.with.id) and not has_met(fit.with.id, w.id) then return fit end
    if not met and (w.mode == "shake" or (is_relaxed(w) and is_relaxed(fit.with))) then
      met = fit
      met.again = true
    end
  end
  return met
end

-- Pairs somebody who waits with who fits best; false where he waits on.
local function try_pair(w, meet, room)
  local fit = choose(w)
  if not fit then
    local at = ends_at(w)
    if w.mode == "random" and not is_relaxed(w) then at = math.min(at, w.since + relax_ms) end
    if redis.call("ZCARD", queue_key(w.mode)) > SCANNED then at = math.min(at, now + RETRY_MS) end
    redis.call("ZADD", TRIES, int(at), w.id)
    return false
  end
  local key = pair_key(meet)
  local sides = { a = fit.with, b = w }
  for side, one in pairs(sides) do
    dequeue(one.id)
    taken[one.id] = true
    redis.call("HSET", key, side, one.id, "since" .. side, int(one.since), "search" .. side, one.json)
    redis.call("SET", of_key(one.id), meet, "PX", PAIR_TTL)
  end
  redis.call("HSET", key, "roomId", room, "shared", #fit.shared > 0 and cjson.encode(fit.shared) or "[]",
    "again", fit.again and "1" or "0", "at", int(now), "stage", "new")
  redis.call("PEXPIRE", key, PAIR_TTL)
  redis.call("SET", room_key(room), meet, "PX", PAIR_TTL)
  owe(meet, now)
  return true
end
