--[[ Write a comment, once a write.
KEYS as in secret.lua
ARGV 1 mark of the write  2 icon  3 crown "1" or "0"  4 text  5 comments kept
Returns { "1" new or "0", comment JSON }, or { } where the secret is not there. ]]
if not is_there() then return {} end
local old = redis.call("HGET", MARKS, "w:" .. ARGV[1])
if old then
  local head = tonumber(field("head"))
  local json = redis.call("LINDEX", COMMENTS, tonumber(old) - head - 1)
  return { "0", json or cjson.encode({ seq = tonumber(old), icon = ARGV[2], crown = ARGV[3] == "1", text = ARGV[4], at = now }) }
end
local seq = redis.call("HINCRBY", POST, "head", 1)
local json = cjson.encode({ seq = seq, icon = ARGV[2], crown = ARGV[3] == "1", text = ARGV[4], at = now })
redis.call("RPUSH", COMMENTS, json)
redis.call("LTRIM", COMMENTS, -tonumber(ARGV[5]), -1)
redis.call("HSET", MARKS, "w:" .. ARGV[1], seq)
bound(COMMENTS)
bound(MARKS)
return { "1", json }
