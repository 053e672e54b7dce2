--[[ What a drifter threw and still keeps, and what he holds.
KEYS 1 sea base
ARGV 1 drifter
Returns { own bottles, held bottles }, each a list of flat field lists that begin with "id". ]]
local drifter = ARGV[1]
local function rows(key, keep)
  redis.call("ZREMRANGEBYSCORE", key, "-inf", string.format("%.0f", now))
  local out = {}
  for _, id in ipairs(redis.call("ZRANGE", key, 0, -1)) do
    local b = load_bottle(id)
    if b and keep(b) then
      local flat = { "id", id }
      for field, value in pairs(b) do
        if field ~= "id" and string.sub(field, 1, 2) ~= "L:" then
          flat[#flat + 1] = field
          flat[#flat + 1] = type(value) == "number" and string.format("%.0f", value) or value
        end
      end
      flat[#flat + 1] = "lease"
      flat[#flat + 1] = b["L:" .. drifter] or ""
      out[#out + 1] = flat
    end
  end
  return out
end
local function held(b)
  local lease = lease_of(b, drifter)
  return lease ~= nil and lease.at > now
end
return { rows(base .. ":own:" .. drifter, function() return true end), rows(base .. ":holding:" .. drifter, held) }
