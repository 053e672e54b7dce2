--[[ The letter at a place of the order, all places being alike.
KEYS as in hole.lua
ARGV 1 the place, in [0, 1)
Returns { id, letter JSON }, or { } where there is none. ]]
if not is_open() then return {} end
local count = redis.call("ZCARD", ORDER)
if count == 0 then return {} end
local rank = math.floor(tonumber(ARGV[1]) * count)
local id = redis.call("ZRANGE", ORDER, rank, rank)[1]
return { id, redis.call("HGET", LETTERS, id) }
