--[[ Open a thread with its first message. Once per id; a thread that was, stays what it became.
ARGV 1 id of the bottle  2 bottle, JSON  3 thrower  4 his persona, JSON  5 finder  6 his persona, JSON
     7 write id  8 text  9 life, ms  10 messages kept  11 how long a record lives at least, ms
Returns "new" or "again".
TTL: its life. ]]
if redis.call("EXISTS", META) == 1 then return "again" end
redis.call("HSET", META, "bottleId", ARGV[1], "bottle", ARGV[2], "drifter0", ARGV[3], "persona0", ARGV[4],
  "drifter1", ARGV[5], "persona1", ARGV[6], "head", 0)
write(writes_of(tonumber(ARGV[11])), "1", ARGV[7], ARGV[8], tonumber(ARGV[10]))
live_for(tonumber(ARGV[9]))
return "new"
