--[[ Write a letter and begin the countdown again, once per mark; the writer's oldest letter gives way,
and the oldest of all.
KEYS as in hole.lua
ARGV 1 id  2 text  3 writer  4 mark of the write  5 silence, ms  6 letters kept
     7 letters a writer  8 records kept  9 how long a record lives at least, ms  10 slack after the deadline, ms
Returns { "new" | "again", reading }.
TTL: the wall and its letters, deadline + ARGV 10; the records, as long and at least ARGV 9 after the newest. ]]
local id, text, writer, mark = ARGV[1], ARGV[2], ARGV[3], ARGV[4]
local ends = now + tonumber(ARGV[5])
local letters_kept, letters_a_writer = tonumber(ARGV[6]), tonumber(ARGV[7])
local records_kept, record_ms, slack = tonumber(ARGV[8]), tonumber(ARGV[9]), tonumber(ARGV[10])
if not is_open() then wipe() end

-- A record is as old as its letter: every one older than the oldest letter has outlived its own.
local before = now - record_ms
local oldest = redis.call("ZRANGE", ORDER, 0, 0)[1]
if oldest then before = math.min(before, cjson.decode(redis.call("HGET", LETTERS, oldest)).at) end
redis.call("ZREMRANGEBYSCORE", RECORDS, "-inf", "(" .. int(before))
if redis.call("ZSCORE", RECORDS, mark) then return { "again", reading() } end

redis.call("HSETNX", WALL, "beganAt", int(now))
redis.call("HSET", WALL, "deadlineAt", int(ends))
redis.call("HSET", LETTERS, id, cjson.encode({ text = text, at = now, writer = writer, mark = mark }))
redis.call("ZADD", ORDER, redis.call("HINCRBY", WALL, "number", 1), id)
redis.call("ZADD", WRITERS, 0, writer .. "|" .. id)
redis.call("ZADD", RECORDS, int(now), mark)
local his = ids_of(writer)
if #his > letters_a_writer then
  local oldest_of_his, lowest = nil, math.huge
  local places = redis.call("ZMSCORE", ORDER, unpack(his))
  for i, one in ipairs(his) do
    local place = tonumber(places[i] or cjson.decode(redis.call("HGET", LETTERS, one)).place)
    if place < lowest then oldest_of_his, lowest = one, place end
  end
  take_out(oldest_of_his)
end
if redis.call("ZCARD", ORDER) > letters_kept then take_out(redis.call("ZRANGE", ORDER, 0, 0)[1]) end
redis.call("ZREMRANGEBYRANK", RECORDS, 0, -records_kept - 1)

for i = 1, 4 do redis.call("PEXPIREAT", KEYS[i], int(ends + slack)) end
redis.call("PEXPIREAT", RECORDS, int(math.max(ends + slack, now + record_ms)))
return { "new", reading() }
