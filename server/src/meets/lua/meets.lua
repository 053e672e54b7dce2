--[[ Shared by every script of the meets; not a script by itself.
KEYS 1 base  2 never there (rootKeys); every other key is the base with a suffix, in the same slot
random, shake: zset drifter -> since    asked: hash drifter -> search JSON    tries: zset drifter -> tried at
pair:<meet>: hash roomId, a, b, shared JSON, again, at, stage new | made | told, and while it is new since<side>
  and search<side>, to go back to the queue with    of:<drifter>, room:<room>: the meet
ending:<meet>: hash roomId, reason, tell, and shared and again where it may not have been told that they were found
owed: zset meet -> since when; a told pair stands there at its greatest age
recent:<drifter>: zset partner -> met at    holders:<drifter>: who has him in his list of recent partners
Invariants, after each script: who is in asked is in tries and in the queue of his mode, and has no of:; both of a
pair, and nobody else, have its id in of:; an unmade pair and an ending are in owed. ]]
local base = KEYS[1]
local now = now_ms()

local SCANNED, RETRY_MS = 200, 1000
local RECENT_COUNT, RECENT_MS, RECENT_KEEP_MS = 20, 86400000, 2592000000
local PAIR_MAX_MS = 2678400000
-- Backstops, ms: past anything that a server would have seen to.
local QUEUE_TTL, PAIR_TTL, ENDING_TTL = 86400000, 2764800000, 604800000

local function int(n) return string.format("%.0f", n) end
local function queue_key(mode) return base .. ":" .. mode end
local ASKED, TRIES, OWED = base .. ":asked", base .. ":tries", base .. ":owed"
local function pair_key(meet) return base .. ":pair:" .. meet end
local function of_key(drifter) return base .. ":of:" .. drifter end
local function room_key(room) return base .. ":room:" .. room end
local function ending_key(meet) return base .. ":ending:" .. meet end

local function owe(meet, at)
  redis.call("ZADD", OWED, int(at), meet)
  redis.call("PEXPIRE", OWED, PAIR_TTL)
end

-- What a caller is given of a pair or an ending: its fields, flat; {} for none.
local function shown(key, meet)
  if not meet then return {} end
  local flat = redis.call("HGETALL", key(meet))
  if #flat == 0 then return flat end
  flat[#flat + 1] = "meetId"
  flat[#flat + 1] = meet
  return flat
end
local function shown_pair(meet) return shown(pair_key, meet) end
local function shown_ending(meet) return shown(ending_key, meet) end

-- The queue ---------------------------------------------------------------

-- A search as it lies in a queue, read.
local function waiting(drifter, since, json)
  local search = cjson.decode(json)
  local blocks, words = {}, {}
  for _, other in ipairs(search.blocked) do blocks[other] = true end
  for _, word in ipairs(search.interests) do words[word] = true end
  return { id = drifter, since = tonumber(since), json = json, mode = search.mode, node = search.node,
    searchId = search.searchId, interests = search.interests, blocks = blocks, words = words }
end

local function enqueue(w, try_at)
  redis.call("ZADD", queue_key(w.mode), int(w.since), w.id)
  redis.call("HSET", ASKED, w.id, w.json)
  redis.call("ZADD", TRIES, int(try_at), w.id)
  for _, key in ipairs({ queue_key(w.mode), ASKED, TRIES }) do redis.call("PEXPIRE", key, QUEUE_TTL) end
end

local function read_waiting(drifter)
  local json = redis.call("HGET", ASKED, drifter)
  if not json then return nil end
  return waiting(drifter, redis.call("ZSCORE", queue_key(cjson.decode(json).mode), drifter), json)
end

-- Takes somebody out; what he sought, or nil.
local function dequeue(drifter)
  local w = read_waiting(drifter)
  if not w then return nil end
  redis.call("ZREM", queue_key(w.mode), drifter)
  redis.call("HDEL", ASKED, drifter)
  redis.call("ZREM", TRIES, drifter)
  return w
end

local function with_block(json, other)
  local search = cjson.decode(json)
  search.blocked[#search.blocked + 1] = other
  return cjson.encode(search)
end

-- Pairs -------------------------------------------------------------------

local function read_pair(meet)
  local flat = redis.call("HGETALL", pair_key(meet))
  if #flat == 0 then return nil end
  local p = { meet = meet }
  for i = 1, #flat, 2 do p[flat[i]] = flat[i + 1] end
  return p
end

local function pair_of(drifter)
  local meet = redis.call("GET", of_key(drifter))
  return meet and read_pair(meet)
end

local function side_of(p, drifter) return p.a == drifter and "a" or "b" end
local function other_side(p, drifter) return p.a == drifter and "b" or "a" end

-- The pair is no more; what follows from it is owed. Returns the meet.
local function end_pair(p, reason, tell)
  redis.call("DEL", pair_key(p.meet), of_key(p.a), of_key(p.b), room_key(p.roomId))
  local key = ending_key(p.meet)
  redis.call("HSET", key, "roomId", p.roomId, "reason", reason, "tell", tell)
  if p.stage == "made" then redis.call("HSET", key, "shared", p.shared, "again", p.again) end
  redis.call("PEXPIRE", key, ENDING_TTL)
  owe(p.meet, now)
  return p.meet
end

-- One of a pair that has just ended before it was made is where he was, and is tried with the next match.
local function requeue(p, side)
  enqueue(waiting(p[side], p["since" .. side], p["search" .. side]), now)
end

-- One goes, and the other is told. With tells_both he is told too where he may not know yet of the pair, and would
-- believe that he still seeks. Returns the meet.
local function walk_out(p, who, tells_both)
  local other = other_side(p, who)
  if p.stage == "made" and tells_both then return end_pair(p, "left", p.a .. " " .. p.b) end
  if p.stage ~= "new" then return end_pair(p, "left", p[other]) end
  end_pair(p, "left", "")
  requeue(p, other)
  return p.meet
end

-- Both stay in the queue. Returns the meet.
local function undo_pair(p)
  end_pair(p, "left", "")
  requeue(p, "a")
  requeue(p, "b")
  return p.meet
end
