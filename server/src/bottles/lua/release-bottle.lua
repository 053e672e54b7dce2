--[[ Throw a held bottle back: same deadline, less weight, and out of the sea after enough hands.
KEYS 1 sea base
ARGV 1 bottle  2 holder
Returns { "released" | "gone", fresh outbox entries }. ]]
local b = load_bottle(ARGV[1])
local lease = b and lease_of(b, ARGV[2])
if not lease or lease.at <= now then return { "gone", fresh } end
drop_lease(b, ARGV[2], lease)
b.thrownBack = b.thrownBack + 1
put_back(b)
return { "released", fresh }
