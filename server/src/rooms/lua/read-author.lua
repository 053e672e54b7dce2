--[[ Who wrote a message, and what it says, for somebody who has been in and can still see it.
ARGV 1 reader  2 number, or 0 for the other one of two
Returns { drifter, message JSON or "" }, or {}. ]]
local m = read_room()
if not m then return {} end
local been = redis.call("HMGET", PEOPLE, "a:" .. ARGV[1], "k:" .. ARGV[1])
if not been[1] and not been[2] and ARGV[1] ~= m.creator then return {} end
if ARGV[2] == "0" then
  if m.capacity ~= "2" then return {} end
  local other = {}
  for _, field in ipairs(redis.call("HKEYS", PEOPLE)) do
    local kind, drifter = string.sub(field, 1, 2), string.sub(field, 3)
    if kind == "a:" and drifter ~= ARGV[1] then other[#other + 1] = drifter end
  end
  if #other ~= 1 then return {} end
  return { other[1], "" }
end
local message = message_at(tonumber(ARGV[2]))
if not message or has_gone(message) then return {} end
local drifter = redis.call("HGET", PEOPLE, "i:" .. message.from.id)
if not drifter then return {} end
return { drifter, cjson.encode(message) }
