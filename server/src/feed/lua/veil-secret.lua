--[[ Take a secret, or one comment, out of everybody's sight pending review, bring it back, or take what it says away for good.
KEYS as in secret.lua
ARGV 1 number of the comment, or "" for the secret  2 "hide", "restore" or "remove"
Returns 1 where anything changed, 0 where it was so already or is not there. ]]
if not is_there() then return 0 end
local veil = ARGV[2]
if ARGV[1] == "" then
  local was = field("veil") or ""
  if was == "removed" or (veil == "hide" and was ~= "") or (veil == "restore" and was == "") then return 0 end
  if veil == "restore" then redis.call("HDEL", POST, "veil") return 1 end
  redis.call("HSET", POST, "veil", veil == "hide" and "hidden" or "removed")
  if veil == "remove" then
    redis.call("HSET", POST, "text", "", "hasPhoto", "0", "hearts", 0, "yes", 0, "no", 0, "circles", 0, "world", 0)
    redis.call("HDEL", POST, "persona", "background")
    redis.call("DEL", MARKS, COMMENTS, PHOTO)
  end
  return 1
end
local index = tonumber(ARGV[1]) - tonumber(field("head")) - 1
local json = index < 0 and redis.call("LINDEX", COMMENTS, index)
if not json then return 0 end
local comment = cjson.decode(json)
local was = comment.veil or ""
if was == "removed" or (veil == "hide" and was ~= "") or (veil == "restore" and was == "") then return 0 end
if veil == "restore" then comment.veil = nil
elseif veil == "hide" then comment.veil = "hidden"
else comment.veil, comment.text = "removed", "" end
redis.call("LSET", COMMENTS, index, cjson.encode(comment))
return 1
