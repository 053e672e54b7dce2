--[[ Take out what one drifter wrote, with the records of it. The others' countdown goes on.
KEYS as in hole.lua
ARGV 1 writer
Returns the reading afterwards. ]]
if not is_open() then return reading() end
for _, id in ipairs(ids_of(ARGV[1])) do redis.call("ZREM", RECORDS, take_out(id).mark) end
if redis.call("HLEN", LETTERS) == 0 then wipe() end
return reading()
