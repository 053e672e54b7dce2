--[[ Two are not to meet. A pair of them that nobody knows of is undone, both back in the queue; of any other the
first walks out. Whatever they seek avoids the other.
KEYS 1 base
ARGV 1 who does not want to  2 the other
Returns the ending, or {}. ]]
local function avoid(who, other)
  local json = redis.call("HGET", ASKED, who)
  if json then redis.call("HSET", ASKED, who, with_block(json, other)) end
  local p = pair_of(who)
  if not p or p.stage ~= "new" then return end
  local field = "search" .. side_of(p, who)
  redis.call("HSET", pair_key(p.meet), field, with_block(p[field], other))
end
avoid(ARGV[1], ARGV[2])
avoid(ARGV[2], ARGV[1])
local p = pair_of(ARGV[1])
if not p or p[other_side(p, ARGV[1])] ~= ARGV[2] then return {} end
return shown_ending(p.stage == "new" and undo_pair(p) or walk_out(p, ARGV[1], true))
