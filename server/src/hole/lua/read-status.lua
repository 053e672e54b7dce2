--[[ How many letters there are, and until when.
KEYS as in hole.lua
Returns { now }, or { now, began at, deadline, letters }; times in ms since 1970. ]]
return reading()
