--[[ Who stands before the door, the first first. Returns { mask ... }. ]]
if not read_room() then return {} end
local masks = {}
for _, drifter in ipairs(redis.call("ZRANGE", KNOCKS, 0, -1)) do
  masks[#masks + 1] = redis.call("HGET", PEOPLE, "p:" .. drifter)
end
return masks
