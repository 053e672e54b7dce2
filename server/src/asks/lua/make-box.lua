--[[ Make a box, once.
KEYS as in box.lua
ARGV 1 hash of the owner key  2 muted words, JSON
Returns { "new" or "again", its end }, or { } where it was closed or is somebody else's.
TTL: to the end of the day that is 30 d ahead. ]]
if now < tonumber(redis.call("GET", WAS) or 0) then return {} end
local is_new = not is_there()
if is_new then
  redis.call("DEL", BOX, ENTRIES, WAITING, ANSWERED, WRITES)
  redis.call("HSET", BOX, "ownerHash", ARGV[1], "isOn", "1", "mutedWords", ARGV[2], "number", 0)
elseif field("ownerHash") ~= ARGV[1] then
  return {}
end
renew()
return { is_new and "new" or "again", field("endsAt") }
