--[[ Write one change of an item, with its line of the log and what is counted of it, or nothing at all.
KEYS 1 item, hash rev, json  2 id by subject  3 id by notice  4 queue, zset  5 unsettled, zset
     6 acts, zset JSON by time  7 log, list, the newest last  8 those in the queue by when they are forgotten
ARGV 1 rev  2 id  3 JSON  4 kept until, ms since 1970  5 place in the queue, or "" where it is in none
     6 items that wait at once  7 unsettled are kept for, ms  8 number of the log's line, or ""  9 the line, JSON
     10 acts are kept for, ms  11 id of the item that a new one comes after, or ""
     12 "1" where something follows from it for others  13 ... acts, JSON
Returns "written", or "moved" where the item, its subject or the log is not what this goes on from.
TTL: item and indexes, ARGV 4; keys 4 and 8, the longest of its items; unsettled, ARGV 7; acts, ARGV 10; the log,
which holds no content, none. ]]
-- As `RANK_STEP`: what newcomers alone complain of stands half a rank behind a whole one.
local STEP, LOWEST = 1e13, 3.5
local now = now_ms()
local function int(n) return string.format("%.0f", n) end
local rev, id, till = tonumber(ARGV[1]), ARGV[2], tonumber(ARGV[4])
if tonumber(redis.call("HGET", KEYS[1], "rev") or "0") ~= rev - 1 then return "moved" end
if rev == 1 then
  local before, ends = string.match(redis.call("GET", KEYS[2]) or "", "^(.*)|(%d+)$")
  if before and tonumber(ends) <= now then before = nil end
  if (before or "") ~= ARGV[11] then return "moved" end
end
if ARGV[8] ~= "" and redis.call("LLEN", KEYS[7]) ~= tonumber(ARGV[8]) - 1 then return "moved" end

redis.call("HSET", KEYS[1], "rev", rev, "json", ARGV[3])
redis.call("PEXPIREAT", KEYS[1], int(till))
redis.call("SET", KEYS[2], id .. "|" .. int(till), "PXAT", int(till))
redis.call("SET", KEYS[3], id .. "|" .. int(till), "PXAT", int(till))
if ARGV[5] == "" then
  redis.call("ZREM", KEYS[4], id)
  redis.call("ZREM", KEYS[8], id)
else
  redis.call("ZADD", KEYS[4], ARGV[5], id)
  redis.call("ZADD", KEYS[8], int(till), id)
  -- Where too many wait, the last of what newcomers complain of give way; where there is none, the last of all.
  local over = redis.call("ZCARD", KEYS[4]) - tonumber(ARGV[6])
  local function give_way(from, to)
    if over <= 0 then return end
    for _, other in ipairs(redis.call("ZREVRANGEBYSCORE", KEYS[4], to, from, "LIMIT", 0, over)) do
      redis.call("ZREM", KEYS[4], other)
      redis.call("ZREM", KEYS[8], other)
      over = over - 1
    end
  end
  for half = LOWEST, 0, -1 do give_way(int(half * STEP), "(" .. int((half + 0.5) * STEP)) end
  give_way("-inf", "+inf")
  for _, key in ipairs({ KEYS[4], KEYS[8] }) do
    if redis.call("PTTL", key) < till - now then redis.call("PEXPIREAT", key, int(till)) end
  end
end
if ARGV[12] == "1" then
  redis.call("ZADD", KEYS[5], int(now), id)
  redis.call("PEXPIRE", KEYS[5], ARGV[7])
end
if ARGV[8] ~= "" then redis.call("RPUSH", KEYS[7], ARGV[9]) end
for i = 13, #ARGV do redis.call("ZADD", KEYS[6], int(now), ARGV[i]) end
if #ARGV > 12 then
  redis.call("ZREMRANGEBYSCORE", KEYS[6], "-inf", int(now - tonumber(ARGV[10])))
  redis.call("PEXPIRE", KEYS[6], ARGV[10])
end
return "written"
