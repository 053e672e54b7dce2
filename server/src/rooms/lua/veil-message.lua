--[[ Take what a message says out of sight pending review, put it back, or take it away for good; or end the room.
ARGV 1 number, or 0 for the whole room  2 "look", "hide", "restore" or "remove"
Returns { writer, whether anything changed "1" or "0", message JSON }, { "", "1" } where the room was ended, or {}
where it is not there.
people: v:<seq> message JSON as it was, while it is out of sight  f:<seq> its photo, which is in the way of no
other; both go with the room. ]]
local m = read_room()
if not m then return {} end
local seq, veil = tonumber(ARGV[1]), ARGV[2]
if seq == 0 then
  if veil ~= "remove" then return { "", "0" } end
  delete_room()
  return { "", "1" }
end
local field, photo = "v:" .. ARGV[1], "f:" .. ARGV[1]
local message, index = message_at(seq)
if not message then
  redis.call("HDEL", PEOPLE, field, photo)
  return {}
end
local kept = redis.call("HGET", PEOPLE, field)
local changed = "0"
if veil == "hide" and not kept and not has_gone(message) then
  redis.call("HSET", PEOPLE, field, cjson.encode(message))
  if message.photoId then
    redis.call("HSET", PEOPLE, photo, redis.call("HGET", PHOTOS, message.photoId) or "")
    redis.call("HDEL", PHOTOS, message.photoId)
  end
  message.text, message.sealed, message.photoId = nil, nil, nil
  message.goneAt = now
  redis.call("LSET", LOG, index, cjson.encode(message))
  changed = "1"
elseif veil == "restore" and kept then
  local original, bytes = cjson.decode(kept), redis.call("HGET", PEOPLE, photo)
  redis.call("HDEL", PEOPLE, field, photo)
  -- Its own clock went on meanwhile; and what is seen once, some have seen.
  local is_once = original.timer and not original.timer.afterMs
  if not is_once and not has_gone(original) then
    message = original
    if bytes then
      redis.call("HSET", PHOTOS, original.photoId, bytes)
      bound(PHOTOS)
    end
    redis.call("LSET", LOG, index, kept)
    changed = "1"
  end
elseif veil == "remove" and (kept or not has_gone(message)) then
  local original = kept and cjson.decode(kept) or message
  redis.call("HDEL", PEOPLE, field, photo)
  empty_message(original, index)
  message = original
  changed = "1"
end
return { redis.call("HGET", PEOPLE, "i:" .. message.from.id) or "", changed, cjson.encode(message) }
