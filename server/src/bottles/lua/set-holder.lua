--[[ Say where a holder is connected, or that he is gone from there: a lease of there then ends after the grace.
KEYS 1 sea base
ARGV 1 drifter  2 node  3 "1" where he is there, "0" where he no longer is  4 grace, ms
Returns the number of leases touched. ]]
local drifter, node, is_here, grace = ARGV[1], ARGV[2], ARGV[3] == "1", num(ARGV[4])
local touched = 0
for _, id in ipairs(redis.call("ZRANGE", base .. ":holding:" .. drifter, 0, -1)) do
  local b = load_bottle(id)
  local lease = b and lease_of(b, drifter)
  if lease and lease.at > now and (is_here or lease.node == node) then
    if not is_here then
      if lease.goneAt == 0 then lease.goneAt = now end
    else
      lease.goneAt = 0
      put_on_node(b, drifter, lease, node)
    end
    write_lease(b, drifter, lease, grace)
    touched = touched + 1
  end
end
return touched
