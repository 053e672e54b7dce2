--[[ End edges in one person's record.
KEYS 1 friends, hash friend -> from|until|invite
ARGV 1 epoch from which they count no longer  2 "all", "invite" or "friend"  3 hash of the invite, or the friend
Returns the friends. ]]
local parted = {}
local flat = redis.call("HGETALL", KEYS[1])
for i = 1, #flat, 2 do
  local from, till, invite = string.match(flat[i + 1], "^(%d+)|(%d*)|(.*)$")
  local is_meant = ARGV[2] == "all" or (ARGV[2] == "invite" and invite == ARGV[3])
    or (ARGV[2] == "friend" and flat[i] == ARGV[3])
  if is_meant then
    parted[#parted + 1] = flat[i]
    if till == "" then redis.call("HSET", KEYS[1], flat[i], from .. "|" .. ARGV[1] .. "|" .. invite) end
  end
end
return parted
