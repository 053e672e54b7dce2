--[[ Turn a lease into an answer. The answer's text is safe in the outbox before anybody is told.
Once per holder and write id. An answer under a lapsed lease changes nothing.
KEYS 1 sea base
ARGV 1 bottle  2 holder  3 write id  4 thread id to use  5 persona of the holder, JSON  6 text
     7 how long the write's record lives, ms
Returns { "gone" }, or { "answered" or "again", thread id, entry of the outbox or "" }. ]]
local id, holder, text = ARGV[1], ARGV[2], ARGV[6]
local record = root .. ":write:" .. holder .. ":" .. ARGV[3]
local before = redis.call("GET", record)
if before then
  return { "again", before, redis.call("HGET", root .. ":outbox", "answered|" .. before) or "" }
end
local b = load_bottle(id)
local lease = b and lease_of(b, holder)
if not lease or lease.at <= now then return { "gone" } end
local thread = ARGV[4]
drop_lease(b, holder, lease)
b.answered = b.answered + 1
redis.call("HSET", bottle_key(id), "threads", b.threads == "" and thread or b.threads .. "," .. thread)
redis.call("SET", record, thread, "PX", ARGV[7])
tell("answered|" .. thread, { kind = "answered", bottleId = id, threadId = thread, thrower = b.owner, finder = holder,
  throwerPersona = lease.persona, finderPersona = ARGV[5], writeId = ARGV[3], text = text, muted = b.muted == "1",
  bottle = { text = b.text, kind = b.kind, mood = b.mood } })
if b.free == 0 and b.held == 0 then finish(b, b.state) end
save(b)
return { "answered", thread, fresh[1] }
