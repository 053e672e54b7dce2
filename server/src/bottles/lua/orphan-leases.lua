--[[ A node has died: its holders have been away since its last sign of life.
KEYS 1 sea base
ARGV 1 node  2 its last sign of life, ms since 1970  3 grace, ms  4 how many leases at the most
Returns { 1 where there may be more, else 0, drifter ... }, one for each lease touched. ]]
local node, last_beat, grace = ARGV[1], num(ARGV[2]), num(ARGV[3])
local members = redis.call("SPOP", base .. ":node:" .. node, ARGV[4])
local touched = { #members == num(ARGV[4]) and 1 or 0 }
for _, member in ipairs(members) do
  local id, drifter = string.match(member, "^([^|]+)|(.+)$")
  local b = load_bottle(id)
  local lease = b and lease_of(b, drifter)
  if lease and lease.node == node and lease.goneAt == 0 then
    lease.goneAt = last_beat
    write_lease(b, drifter, lease, grace)
    touched[#touched + 1] = drifter
  end
end
return touched
