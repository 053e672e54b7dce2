--[[ Forget what a drifter left in a sea: his bottles are recalled and deleted, his leases given back.
KEYS 1 sea base
ARGV 1 drifter
Returns { number of bottles deleted, fresh outbox entries }. ]]
local drifter = ARGV[1]
for _, id in ipairs(redis.call("ZRANGE", base .. ":holding:" .. drifter, 0, -1)) do
  local b = load_bottle(id)
  local lease = b and lease_of(b, drifter)
  if lease then
    drop_lease(b, drifter, lease)
    put_back(b)
  end
end
local own = redis.call("ZRANGE", base .. ":own:" .. drifter, 0, -1)
for _, id in ipairs(own) do
  local b = load_bottle(id)
  if b then
    end_leases(b)
    b.free = 0
    finish(b, "recalled")
    save(b)
    redis.call("DEL", bottle_key(id))
  end
end
redis.call("DEL", base .. ":own:" .. drifter, base .. ":seen:" .. drifter, base .. ":holding:" .. drifter)
return { #own, fresh }
