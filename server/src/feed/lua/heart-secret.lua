--[[ Give a heart or take it back.
KEYS as in secret.lua
ARGV 1 mark  2 "1" to give
Returns how many there are, or "" where the secret is not there. ]]
if not is_there() then return "" end
if ARGV[2] == "1" then
  if redis.call("HSETNX", MARKS, "h:" .. ARGV[1], "1") == 1 then
    bound(MARKS)
    redis.call("HINCRBY", POST, "hearts", 1)
  end
elseif redis.call("HDEL", MARKS, "h:" .. ARGV[1]) == 1 then
  redis.call("HINCRBY", POST, "hearts", -1)
end
return field("hearts")
