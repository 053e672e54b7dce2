--[[ Put a question into a box, once a mark. The asker must not learn whether it was muted: the two do the
same but for the question itself, and nothing that is ever refused depends on it.
KEYS as in box.lua
ARGV 1 id  2 text  3 mark of the write  4 muted "1" or "0"  5 questions that may wait
     6 how long a record lives at least, ms  7 records kept
Returns "kept", "muted", "again", "locked" or "gone". ]]
if not is_there() then return "gone" end
redis.call("ZREMRANGEBYSCORE", WRITES, "-inf", "(" .. int(at - tonumber(ARGV[6])))
if redis.call("ZSCORE", WRITES, ARGV[3]) then return "again" end
if field("isOn") ~= "1" then return "locked" end
redis.call("ZADD", WRITES, int(at), ARGV[3])
redis.call("ZREMRANGEBYRANK", WRITES, 0, -tonumber(ARGV[7]) - 1)
let_go()
if ARGV[4] ~= "1" then
  redis.call("HSET", ENTRIES, ARGV[1], cjson.encode({ text = ARGV[2], at = at }))
  redis.call("ZADD", WAITING, int(at), ARGV[1])
  if redis.call("ZCARD", WAITING) > tonumber(ARGV[5]) then take_out(redis.call("ZRANGE", WAITING, 0, 0)[1]) end
end
bound()
return ARGV[4] == "1" and "muted" or "kept"
