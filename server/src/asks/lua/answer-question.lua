--[[ Make a waiting question public with its answer, once a mark. The answer given first gives way.
KEYS as in box.lua
ARGV 1 hash of the owner key  2 id  3 answer  4 mark of the write  5 answers kept
Returns { "new" or "again", JSON of the entry, number } or { "conflict" or "gone" }. ]]
if not is_owner(ARGV[1]) then return { "gone" } end
renew()
let_go()
local json = redis.call("HGET", ENTRIES, ARGV[2])
if not json then return { "gone" } end
local entry = cjson.decode(json)
if entry.answer then
  if entry.mark ~= ARGV[4] then return { "conflict" } end
  return { "again", json, redis.call("ZSCORE", ANSWERED, ARGV[2]) }
end
entry.answer, entry.answeredAt, entry.mark = ARGV[3], at, ARGV[4]
json = cjson.encode(entry)
local number = redis.call("HINCRBY", BOX, "number", 1)
redis.call("HSET", ENTRIES, ARGV[2], json)
redis.call("ZREM", WAITING, ARGV[2])
redis.call("ZADD", ANSWERED, number, ARGV[2])
if redis.call("ZCARD", ANSWERED) > tonumber(ARGV[5]) then take_out(redis.call("ZRANGE", ANSWERED, 0, 0)[1]) end
bound()
return { "new", json, int(number) }
