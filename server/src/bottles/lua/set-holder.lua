--[[ Say where a holder is connected, or that he is away: a lease then ends after the grace.
KEYS 1 sea base
ARGV 1 drifter  2 node, or "" where he is away  3 grace, ms
Returns the number of leases touched. ]]
local drifter, node, grace = ARGV[1], ARGV[2], num(ARGV[3])
local touched = 0
for _, id in ipairs(redis.call("ZRANGE", base .. ":holding:" .. drifter, 0, -1)) do
  local b = load_bottle(id)
  local lease = b and lease_of(b, drifter)
  if lease and lease.at > now then
    if node == "" then
      if lease.goneAt == 0 then lease.goneAt = now end
    else
      lease.goneAt = 0
      if lease.node ~= node then
        redis.call("SMOVE", base .. ":node:" .. lease.node, base .. ":node:" .. node, id .. "|" .. drifter)
        lease.node = node
      end
    end
    write_lease(b, drifter, lease, grace)
    touched = touched + 1
  end
end
return touched
