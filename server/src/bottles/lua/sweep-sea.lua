--[[ Do what is due: unseal, lift the weight of the last quarter, end leases, end lives. Delete what a
silence has ended (R11), bottle by bottle, and let those know who hold one.
A timer that no longer fits its bottle does nothing, so a late or second sweeper is harmless.
KEYS 1 sea base
ARGV 1 how many timers at the most
Returns { number done, fresh outbox entries }. ]]
local limit = num(ARGV[1])
local over = redis.call("SRANDMEMBER", root .. ":over")
if over then
  base = base_of(tonumber(over))
  local ids = redis.call("ZRANGE", base .. ":all", 0, limit - 1)
  if #ids == 0 then
    -- Those from before the sea had a silence, as far as they were running.
    for _, timer in ipairs(redis.call("ZRANGE", base .. ":timers", 0, limit - 1)) do
      ids[#ids + 1] = string.match(timer, "^%a+|([^|]+)")
      redis.call("ZREM", base .. ":timers", timer)
    end
  end
  for _, id in ipairs(ids) do
    local b = load_bottle(id)
    if b then
      end_leases(b)
      redis.call("DEL", bottle_key(id), base .. ":own:" .. b.owner)
    end
    redis.call("ZREM", base .. ":all", id)
  end
  if #ids == 0 then
    for class = 0, 2 * PLAIN_CLASSES - 1 do redis.call("UNLINK", array_key(class)) end
    redis.call("SREM", root .. ":over", over)
  end
  -- There may be more of it, and what is due in the sea as it is now.
  return { limit, fresh }
end
local due = redis.call("ZRANGEBYSCORE", base .. ":timers", "-inf", string.format("%.0f", now), "LIMIT", 0, limit)
for _, timer in ipairs(due) do
  redis.call("ZREM", base .. ":timers", timer)
  local kind, id, drifter = string.match(timer, "^(%a+)|([^|]+)|?(.*)$")
  local b = load_bottle(id)
  if b then
    if kind == "unseal" and b.state == "sealed" then
      b.state = "open"
      save(b)
    elseif kind == "boost" then
      redis.call("HSET", bottle_key(id), "boosted", "1")
      b.boosted = "1"
      place(b)
    elseif kind == "expire" then
      if b.state == "open" or b.state == "sealed" or b.state == "hidden" then expire(b) end
    elseif kind == "lease" then
      local lease = lease_of(b, drifter)
      if b.expiresAt <= now then
        if lease then expire(b) end
      elseif lease and lease.at > now then
        set_timer("lease", id .. "|" .. drifter, lease.at)
      elseif lease then
        drop_lease(b, drifter, lease)
        b.lapses = b.lapses + 1
        tell("lapsed|" .. id .. "|" .. drifter, { kind = "lapsed", bottleId = id, drifter = drifter, fence = lease.fence })
        put_back(b)
      end
    end
  end
end
return { #due, fresh }
