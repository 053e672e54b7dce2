--[[ Take out what one drifter wrote, with the records of it. The others' countdown goes on.
KEYS as in hole.lua
ARGV 1 writer
Returns the reading afterwards. ]]
if not is_open() then return reading() end
-- "}" comes next after "|": the range is every member that begins with "<writer>|".
for _, member in ipairs(redis.call("ZRANGEBYLEX", WRITERS, "[" .. ARGV[1] .. "|", "(" .. ARGV[1] .. "}")) do
  redis.call("ZREM", RECORDS, take_out(string.sub(member, #ARGV[1] + 2)).mark)
end
if redis.call("ZCARD", ORDER) == 0 then wipe() end
return reading()
