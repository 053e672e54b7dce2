--[[ What only the owner key allows.
ARGV 1 hash of the key  2 look, lock, motd, admit, kick or destroy  3 "1" or "0", text, or id of a mask
Returns { "gone" }, or { "done", fields, drifter or "", his mask or "", "1" where a member was taken out }. ]]
local m = read_room()
if not m or m.ownerHash ~= ARGV[1] then return { "gone" } end
local op, what = ARGV[2], ARGV[3]
if op == "lock" then
  redis.call("HSET", META, "locked", what)
elseif op == "motd" then
  if what == "" then redis.call("HDEL", META, "motd") else redis.call("HSET", META, "motd", what) end
elseif op == "destroy" then
  local fields = shown()
  delete_room()
  return { "done", fields, "", "", "0" }
else
  local drifter = redis.call("HGET", PEOPLE, "i:" .. what)
  if not drifter or drifter == m.creator then return { "gone" } end
  local mask = redis.call("HGET", PEOPLE, "p:" .. drifter)
  if op == "admit" then
    redis.call("HSET", PEOPLE, "a:" .. drifter, "1")
    redis.call("HDEL", PEOPLE, "k:" .. drifter)
    redis.call("ZREM", KNOCKS, drifter)
  elseif op == "kick" then
    local was_let_in = redis.call("HDEL", PEOPLE, "a:" .. drifter) == 1
    redis.call("ZREM", KNOCKS, drifter)
    -- Once removed, removing again changes nothing; who only knocked knows nothing that others must not.
    if redis.call("HSETNX", PEOPLE, "k:" .. drifter, "1") == 1 and was_let_in then
      redis.call("HINCRBY", META, "epoch", 1)
      -- He may know the link, or invites that are out: with a new token they would let him in again.
      redis.call("UNLINK", INVITES)
      if m.access == "link" then redis.call("HSET", META, "invited", "1") end
      if take_out(drifter) then
        let_go_of_seen()
        live_on(m)
        return { "done", shown(), drifter, mask, "1" }
      end
    end
  end
  return { "done", shown(), drifter, mask, "0" }
end
return { "done", shown(), "", "", "0" }
