--[[ Take a letter out of the draw pending review, put it back at its place, or take it out for good. The
countdown goes on.
KEYS as in hole.lua
ARGV 1 id  2 "hide", "restore" or "remove"
Returns the reading afterwards. ]]
local json = is_open() and redis.call("HGET", LETTERS, ARGV[1])
if not json then return reading() end
local letter = cjson.decode(json)
local place = redis.call("ZSCORE", ORDER, ARGV[1])
if ARGV[2] == "remove" then
  -- Its record stays: the same write must not bring it back.
  take_out(ARGV[1])
  if redis.call("HLEN", LETTERS) == 0 then wipe() end
elseif ARGV[2] == "hide" and place then
  letter.place = tonumber(place)
  redis.call("HSET", LETTERS, ARGV[1], cjson.encode(letter))
  redis.call("ZREM", ORDER, ARGV[1])
elseif ARGV[2] == "restore" and letter.place then
  redis.call("ZADD", ORDER, letter.place, ARGV[1])
  redis.call("PEXPIREAT", ORDER, redis.call("PEXPIRETIME", WALL))
  letter.place = nil
  redis.call("HSET", LETTERS, ARGV[1], cjson.encode(letter))
end
return reading()
