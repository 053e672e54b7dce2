--[[ Keep a report, the first of a person on an item.
KEYS 1 reports on an item
ARGV 1 mark of the reporter  2 report, JSON  3 how long it is kept, ms
Returns 1, or 0 where he reported it before.
TTL: ARGV 3 from the newest report. ]]
local added = redis.call("HSETNX", KEYS[1], ARGV[1], ARGV[2])
if added == 1 then redis.call("PEXPIRE", KEYS[1], ARGV[3]) end
return added
