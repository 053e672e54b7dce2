--[[ Draw one bottle by weight among those that this drifter may have, and lease it to him.
A few draws with rejection (exact, and nearly always enough); if all hit what he may not have, the
slots of what he may not have are looked up by his own history and left out: exact again, and its
cost follows his history, never the size of the sea. So a bottle is found wherever one is eligible, but where very many
have run out since the sweeper was there last.
KEYS 1 sea base
ARGV 1 catcher  2 node he is connected to  3 lease, ms  4 longest lease, ms  5 persona of the thrower, JSON
     6 how long its thrower keeps a bottle after its life, ms
     7 number of blocked n  8..7+n blocked drifters  then numbers uniform in [0,1): one for each draw
Returns {} when calm, else { id, lease end ms, fence }.
TTL: what he has held is known as long as its bottle is there. ]]
local catcher, node = ARGV[1], ARGV[2]
local lease_ms, lease_max_ms, persona = num(ARGV[3]), num(ARGV[4]), ARGV[5]
local keep, blocked_count = num(ARGV[6]), num(ARGV[7])
local blocked = {}
for i = 1, blocked_count do blocked[ARGV[7 + i]] = true end
local first_u = 8 + blocked_count
local seen_key = base .. ":seen:" .. catcher
redis.call("ZREMRANGEBYSCORE", seen_key, "-inf", string.format("%.0f", now))

local sizes, total = {}, 0
local function measure()
  total = 0
  for class = 0, 2 * PLAIN_CLASSES - 1 do
    sizes[class] = redis.call("HLEN", array_key(class))
    total = total + sizes[class] * WEIGHTS[class]
  end
end

-- The slot that u falls on, with counts[class] slots in each class.
local function locate(u, counts, sum)
  local x = u * sum
  local last_class = nil
  for class = 0, 2 * PLAIN_CLASSES - 1 do
    if counts[class] > 0 then
      last_class = class
      local span = counts[class] * WEIGHTS[class]
      if x < span then return class, math.min(math.floor(x / WEIGHTS[class]), counts[class] - 1) end
      x = x - span
    end
  end
  return last_class, counts[last_class] - 1
end

-- A slot whose bottle is gone, or is past its deadline before the sweeper came, is emptied; of so many at most,
-- for where no server ran for long all may be: the sea is calm then, until the sweeper has been there.
local spare = 100
local function live(class, pos)
  local id = redis.call("HGET", array_key(class), pos)
  local b = load_bottle(id)
  spare = spare - 1
  if not b then vacate(class, pos) return nil end
  if b.expiresAt <= now then expire(b) return nil end
  return b
end

local function may_have(b)
  return b.owner ~= catcher and not blocked[b.owner] and not redis.call("ZSCORE", seen_key, b.id)
end

local function excluded_slots()
  local ids = {}
  local function add(key) for _, id in ipairs(redis.call("ZRANGE", key, 0, -1)) do ids[id] = true end end
  add(base .. ":own:" .. catcher)
  add(seen_key)
  for drifter in pairs(blocked) do add(base .. ":own:" .. drifter) end
  local slots = {}
  for class = 0, 2 * PLAIN_CLASSES - 1 do slots[class] = {} end
  for id in pairs(ids) do
    local at = redis.call("HMGET", bottle_key(id), "class", "pos")
    if at[1] then table.insert(slots[tonumber(at[1])], tonumber(at[2])) end
  end
  return slots
end

local function draw()
  local i = first_u
  measure()
  while i < #ARGV and total > 0 and spare > 0 do
    local b = live(locate(tonumber(ARGV[i]), sizes, total))
    if not b then
      measure() -- the sea has become smaller: draw again with the same number
    elseif may_have(b) then
      return b
    else
      i = i + 1
    end
  end
  local u = tonumber(ARGV[#ARGV])
  while total > 0 and spare > 0 do
    local slots = excluded_slots()
    spare = spare - 20
    local counts, sum = {}, 0
    for class = 0, 2 * PLAIN_CLASSES - 1 do
      counts[class] = sizes[class] - #slots[class]
      sum = sum + counts[class] * WEIGHTS[class]
      table.sort(slots[class])
    end
    if sum <= 0 then return nil end
    local class, pos = locate(u, counts, sum)
    for _, taken in ipairs(slots[class]) do
      if taken <= pos then pos = pos + 1 end
    end
    local b = live(class, pos)
    if b then return b end
    measure()
  end
  return nil
end

local b = draw()
if not b then return { {}, fresh } end
b.free = b.free - 1
b.held = b.held + 1
b.hands = b.hands + 1
local lease = { fence = b.hands, endsAt = now + lease_ms, maxEndsAt = now + lease_max_ms, goneAt = 0, node = node, persona = persona }
write_lease(b, catcher, lease, 0)
index_until(seen_key, b.id, b.expiresAt + keep)
index_until(base .. ":holding:" .. catcher, b.id, b.expiresAt)
redis.call("SADD", base .. ":node:" .. node, b.id .. "|" .. catcher)
save(b)
return { { b.id, string.format("%.0f", lease.at), lease.fence }, fresh }
