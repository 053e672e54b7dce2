--[[ Renew a lease while its holder composes; never beyond its longest end or the bottle's life.
KEYS 1 sea base
ARGV 1 bottle  2 holder  3 lease, ms  4 node he is connected to  5 grace for a holder who is away, ms
Returns the lease's end in ms, or "gone". ]]
local b = load_bottle(ARGV[1])
local lease = b and lease_of(b, ARGV[2])
if not lease or lease.at <= now then return "gone" end
lease.endsAt = math.max(lease.endsAt, now + num(ARGV[3]))
lease.goneAt = 0
put_on_node(b, ARGV[2], lease, ARGV[4])
write_lease(b, ARGV[2], lease, num(ARGV[5]))
return string.format("%.0f", lease.at)
