--[[ End edges in one person's record.
KEYS 1 friends, hash friend -> spans, as in add-friend
ARGV 1 epoch from which they count no longer  2 "all", "invite", "friend", or "undo": one that begins in that epoch has never been
  3 hash of the invite, or the friend
Returns the friends, those too with whom it had ended. ]]
local parted = {}
local flat = redis.call("HGETALL", KEYS[1])
for i = 1, #flat, 2 do
  local from, till, invite, older = string.match(flat[i + 1], "^(%d+)|(%d*)|([^;]*);?(.*)$")
  local is_one = ARGV[2] == "friend" or ARGV[2] == "undo"
  if ARGV[2] == "all" or (ARGV[2] == "invite" and invite == ARGV[3]) or (is_one and flat[i] == ARGV[3]) then
    parted[#parted + 1] = flat[i]
    if till == "" then
      local spans = from .. "|" .. ARGV[1] .. "|" .. invite
      if ARGV[2] == "undo" and from == ARGV[1] then
        spans = older
      elseif older ~= "" then
        spans = spans .. ";" .. older
      end
      if spans == "" then
        redis.call("HDEL", KEYS[1], flat[i])
      else
        redis.call("HSET", KEYS[1], flat[i], spans)
      end
    end
  end
end
return parted
