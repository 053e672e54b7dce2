--[[ Count a complaint, the first of a person on an item.
KEYS 1 reports on an item, hash: a field a mark, and beside them ~weight, ~grave, ~most, ~kept
ARGV 1 mark of the reporter  2 his credibility  3 "1" for a grave reason  4 how long it is kept, ms
Returns { "1" or "0" where he reported it before, weight, grave weight, the most credible grave, kept "1" or "" }.
TTL: ARGV 4, about, from the newest report. ]]
local key = KEYS[1]
local added = redis.call("HSETNX", key, ARGV[1], "1")
if added == 1 then
  redis.call("HINCRBYFLOAT", key, "~weight", ARGV[2])
  if ARGV[3] == "1" then
    redis.call("HINCRBYFLOAT", key, "~grave", ARGV[2])
    local most = tonumber(redis.call("HGET", key, "~most") or "0")
    if tonumber(ARGV[2]) > most then redis.call("HSET", key, "~most", ARGV[2]) end
  end
  keep_about(key, tonumber(ARGV[4]))
end
local m = redis.call("HMGET", key, "~weight", "~grave", "~most", "~kept")
return { tostring(added), m[1] or "0", m[2] or "0", m[3] or "0", m[4] or "" }
