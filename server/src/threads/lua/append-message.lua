--[[ Write a message, once per side and write id, and renew the thread's life.
KEYS 1 meta  2 log  3 records of writes
ARGV 1 writer  2 write id  3 text  4 life, ms  5 messages kept  6 how long a record lives, ms
Returns { "gone" | "closed" }, or { "new" | "again", message JSON }. ]]
local side = side_of(ARGV[1])
if not side then return { "gone" } end
local record = redis.call("HGET", WRITES, side .. ":" .. ARGV[2])
if record then
  local seq, at = string.match(record, "^(%d+)|(%d+)$")
  if tonumber(at) + tonumber(ARGV[6]) > now then
    local head = tonumber(redis.call("HGET", META, "head"))
    local json = redis.call("LINDEX", LOG, tonumber(seq) - head - 1)
    -- Trimmed meanwhile: the record still says what was written where.
    if not json then
      json = cjson.encode({ seq = tonumber(seq), id = ARGV[2], from = tonumber(side), text = ARGV[3], sentAt = tonumber(at) })
    end
    return { "again", json }
  end
end
if redis.call("HGET", META, "closed") then return { "closed" } end
-- Old records go in passing; between two such passes at most 500 are added.
if redis.call("HLEN", WRITES) % 500 == 499 then
  local all = redis.call("HGETALL", WRITES)
  for i = 1, #all, 2 do
    local at = string.match(all[i + 1], "|(%d+)$")
    if tonumber(at) + tonumber(ARGV[6]) <= now then redis.call("HDEL", WRITES, all[i]) end
  end
end
write(side, ARGV[2], ARGV[3], tonumber(ARGV[5]))
live_for(tonumber(ARGV[4]))
return { "new", redis.call("LINDEX", LOG, -1) }
