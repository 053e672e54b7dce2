--[[ Delete a wall that has ended.
KEYS as in hole.lua
Returns "wiped", once a wall at most, or "quiet". ]]
if is_open() or redis.call("EXISTS", WALL) == 0 then return "quiet" end
wipe()
return "wiped"
