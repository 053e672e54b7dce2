--[[ Write a message, once per side and write id, and renew the thread's life.
ARGV 1 writer  2 write id  3 text  4 life, ms  5 messages kept  6 how long a record lives at least, ms
Returns { "gone" | "closed" }, or { "new" | "again", message JSON }. ]]
local side = side_of(ARGV[1])
if not side then return { "gone" } end
local writes, before = writes_of(tonumber(ARGV[6]))
local name = side .. ":" .. ARGV[2]
local record = redis.call("HGET", writes, name) or redis.call("HGET", before, name)
if record then
  local seq, at = string.match(record, "^(%d+)|(%d+)$")
  local head = tonumber(redis.call("HGET", META, "head"))
  local json = redis.call("LINDEX", LOG, tonumber(seq) - head - 1)
  -- Trimmed meanwhile: the record still says what was written where.
  if not json then
    json = cjson.encode({ seq = tonumber(seq), id = ARGV[2], from = tonumber(side), text = ARGV[3], sentAt = tonumber(at) })
  end
  return { "again", json }
end
if redis.call("HGET", META, "closed") then return { "closed" } end
write(writes, side, ARGV[2], ARGV[3], tonumber(ARGV[5]))
live_for(tonumber(ARGV[4]))
return { "new", redis.call("LINDEX", LOG, -1) }
