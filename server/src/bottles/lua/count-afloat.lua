--[[ How many bottles float, and the silence that ends them.
KEYS 1 sea root
Returns { number, how many silences the sea has had, ms since 1970 or "" where none is near }. ]]
local afloat = 0
for class = 0, 2 * PLAIN_CLASSES - 1 do afloat = afloat + redis.call("HLEN", array_key(class)) end
return { afloat, age, silent_at == math.huge and "" or string.format("%.0f", silent_at) }
