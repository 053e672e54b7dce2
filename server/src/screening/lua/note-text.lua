--[[ Note a text by its bands, and count the others who wrote nearly the same. A writer is in a cluster once.
KEYS 1 root of what was noted
ARGV 1 length of a part of the window, ms  2 parts  3 the writer's secret, kept as a hash that differs for each text
     4 random name of this text, of a fixed length  5 bands to be nearly the same  6 texts a band remembers  7 "1" where it is noted, "" where it is only compared
     8… the bands
Returns how many others; for a text that the writer noted before, as it was answered then.
TTL: each part, from its last use on, as long as the window. ]]
local root, length, parts, writer, name = KEYS[1], tonumber(ARGV[1]), tonumber(ARGV[2]), ARGV[3], ARGV[4]
local least, cap, size = tonumber(ARGV[5]), tonumber(ARGV[6]), #ARGV[4]
local bands = {}
for i = 8, #ARGV do bands[#bands + 1] = ARGV[i] end
local function mark_of(text) return string.sub(redis.sha1hex(writer .. "|" .. text), 1, 16) end

local current = math.floor(now_ms() / length)
local shared, lies_in = {}, {}
for part = current, current - parts + 1, -1 do
  local key = root .. ":" .. string.format("%.0f", part)
  local found = redis.call("HMGET", key, unpack(bands))
  for i = 1, #bands do
    for at = 1, #(found[i] or ""), size do
      local text = string.sub(found[i], at, at + size - 1)
      shared[text] = (shared[text] or 0) + 1
      lies_in[text] = key
    end
  end
end

local others, has_own = 0, false
for text, count in pairs(shared) do
  if count >= least then
    local mark, before = string.match(redis.call("HGET", lies_in[text], "o:" .. text) or "", "^(%x+)|(%d+)$")
    if mark == mark_of(text) then
      if count == #bands then return tonumber(before) end
      has_own = true
    else
      others = others + 1
    end
  end
end
if has_own or ARGV[7] == "" then return others end

local key, written = root .. ":" .. string.format("%.0f", current), 0
for i = 1, #bands do
  local texts = redis.call("HGET", key, bands[i]) or ""
  if #texts < cap * size then
    redis.call("HSET", key, bands[i], texts .. name)
    written = written + 1
  end
end
if written > 0 then
  redis.call("HSET", key, "o:" .. name, mark_of(name) .. "|" .. others)
  redis.call("PEXPIRE", key, length * parts)
end
return others
