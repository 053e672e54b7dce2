--[[ Shared by every script of a sea; not a script by itself.
Invariants, after each script:
  free + held + answered + retired = finders, for every bottle that is not finished.
  A bottle stands in exactly one slot of exactly one array w<class> if and only if it is open and free > 0.
  A bottle has one timer "lease|<id>|<drifter>" for each lease, and no lease without a timer.
KEYS[1] is the sea's root key, KEYS[2] is never there (rootKeys); every other key begins with the root, in
the same slot. What floats is under the
base, which is another one after each silence (R11): what ended with it stands under names that no script
speaks any more, from that instant on, until the sweeper has deleted it. Outbox and records of writes
are under the root, and stay.
An array is a hash of index -> id, dense from 0: a draw and a removal cost the same at any size. ]]
local root = KEYS[1]
local now = now_ms()
local function base_of(age) return age == 0 and root or root .. ":" .. string.format("%.0f", age) end

local age, silent_at = unpack(redis.call("MGET", root .. ":age", root .. ":silent"))
age = tonumber(age or "0")
silent_at = tonumber(silent_at or "inf")
if now >= silent_at then
  redis.call("SADD", root .. ":over", age)
  age = redis.call("INCR", root .. ":age")
  redis.call("DEL", root .. ":silent")
  silent_at = math.huge
end
local base = base_of(age)

local PLAIN_CLASSES = 12
local HANDS_PER_COPY = 10
local WEIGHTS = {}
do
  local w = 1
  for k = 0, PLAIN_CLASSES - 1 do
    local floored = w < 0.1 and 0.1 or w
    WEIGHTS[k] = floored
    WEIGHTS[k + PLAIN_CLASSES] = floored * 4
    w = w * 0.8
  end
end

local function bottle_key(id) return base .. ":bottle:" .. id end
local function array_key(class) return base .. ":w" .. class end
local function num(v) return tonumber(v) or 0 end

local function load_bottle(id)
  local flat = redis.call("HGETALL", bottle_key(id))
  if #flat == 0 then return nil end
  local b = {}
  for i = 1, #flat, 2 do b[flat[i]] = flat[i + 1] end
  b.id = id
  for _, field in ipairs({ "free", "held", "answered", "retired", "finders", "hands", "thrownBack", "lapses", "thrownAt", "expiresAt", "sealedUntilAt", "lifeMs" }) do
    b[field] = num(b[field])
  end
  return b
end

local function set_timer(kind, rest, at) redis.call("ZADD", base .. ":timers", at, kind .. "|" .. rest) end
local function drop_timer(kind, rest) redis.call("ZREM", base .. ":timers", kind .. "|" .. rest) end

-- An index of a drifter lives as long as the last bottle in it needs it.
local function index_until(key, member, at)
  redis.call("ZADD", key, at, member)
  local last = redis.call("ZREVRANGE", key, 0, 0, "WITHSCORES")
  redis.call("PEXPIREAT", key, string.format("%.0f", tonumber(last[2])))
end

-- Remove slot (class, pos); the last one moves into the hole.
local function vacate(class, pos)
  local key = array_key(class)
  local last = redis.call("HLEN", key) - 1
  local moved = redis.call("HGET", key, last)
  if last ~= tonumber(pos) then
    redis.call("HSET", key, pos, moved)
    if redis.call("EXISTS", bottle_key(moved)) == 1 then redis.call("HSET", bottle_key(moved), "pos", pos) end
  end
  redis.call("HDEL", key, last)
end

-- Put the bottle into the array its fields ask for, or out of all.
local function place(b)
  local want = nil
  if b.state == "open" and b.free > 0 then
    want = math.min(b.thrownBack, PLAIN_CLASSES - 1)
    if b.boosted == "1" and b.answered == 0 then want = want + PLAIN_CLASSES end
  end
  local class = tonumber(b.class)
  if class == want then return end
  if class then
    vacate(class, b.pos)
    redis.call("HDEL", bottle_key(b.id), "class", "pos")
    b.class = nil
  end
  if want then
    local pos = redis.call("HLEN", array_key(want))
    redis.call("HSET", array_key(want), pos, b.id)
    redis.call("HSET", bottle_key(b.id), "class", want, "pos", pos)
    b.class, b.pos = want, pos
  end
end

local function save(b)
  redis.call("HSET", bottle_key(b.id), "state", b.state, "free", b.free, "held", b.held, "answered", b.answered,
    "retired", b.retired, "hands", b.hands, "thrownBack", b.thrownBack, "lapses", b.lapses)
  place(b)
end

-- What other slots must learn. Settled by the service, idempotently, by its key.
local OUTBOX_KEEP_MS = 7 * 24 * 3600 * 1000
local fresh = {}
local function tell(key, entry)
  entry.key = key
  entry.at = now
  local json = cjson.encode(entry)
  redis.call("HSET", root .. ":outbox", key, json)
  redis.call("PEXPIRE", root .. ":outbox", OUTBOX_KEEP_MS)
  fresh[#fresh + 1] = json
end

-- Leases: field "L:<drifter>" of the bottle.
local function lease_of(b, drifter)
  local json = b["L:" .. drifter]
  return json and cjson.decode(json) or nil
end

local function lease_end(b, lease, graceMs)
  local at = math.min(lease.endsAt, lease.maxEndsAt, b.expiresAt)
  if lease.goneAt > 0 then at = math.min(at, lease.goneAt + graceMs) end
  return at
end

local function write_lease(b, drifter, lease, graceMs)
  lease.at = lease_end(b, lease, graceMs)
  local json = cjson.encode(lease)
  b["L:" .. drifter] = json
  redis.call("HSET", bottle_key(b.id), "L:" .. drifter, json)
  set_timer("lease", b.id .. "|" .. drifter, lease.at)
end

-- He is connected there, and is asked after there when that node dies: also where it was taken for dead before.
local function put_on_node(b, drifter, lease, node)
  local member = b.id .. "|" .. drifter
  redis.call("SREM", base .. ":node:" .. lease.node, member)
  redis.call("SADD", base .. ":node:" .. node, member)
  lease.node = node
end

local function drop_lease(b, drifter, lease)
  b["L:" .. drifter] = nil
  redis.call("HDEL", bottle_key(b.id), "L:" .. drifter)
  drop_timer("lease", b.id .. "|" .. drifter)
  redis.call("ZREM", base .. ":holding:" .. drifter, b.id)
  redis.call("SREM", base .. ":node:" .. lease.node, b.id .. "|" .. drifter)
  b.held = b.held - 1
end

local function finish(b, state)
  b.state = state
  drop_timer("unseal", b.id)
  drop_timer("boost", b.id)
  drop_timer("expire", b.id)
end

-- Take a bottle out of every hand that holds it, and let those people know.
local function end_leases(b)
  for field, json in pairs(b) do
    if string.sub(field, 1, 2) == "L:" then
      local drifter = string.sub(field, 3)
      drop_lease(b, drifter, cjson.decode(json))
      b.free = b.free + 1
      tell("ended|" .. b.id .. "|" .. drifter, { kind = "ended", bottleId = b.id, drifter = drifter })
    end
  end
end

-- The end of a life: answered where anybody answered, else it comes home with its card.
local function expire(b)
  end_leases(b)
  if b.answered > 0 then
    finish(b, "open")
    b.retired = b.retired + b.free
    b.free = 0
  else
    finish(b, "expired")
    tell("returned|" .. b.id, { kind = "returned", bottleId = b.id, drifter = b.owner, held = b.hands,
      thrownBack = b.thrownBack, muted = b.muted == "1" })
  end
  save(b)
end

-- A copy leaves a hand. Back into the sea under its old deadline, unless it went through enough hands.
local function put_back(b)
  if b.hands >= HANDS_PER_COPY * b.finders then b.retired = b.retired + 1 else b.free = b.free + 1 end
  if b.free == 0 and b.held == 0 then
    if b.answered == 0 then return expire(b) end
    finish(b, b.state)
  end
  save(b)
end
