--[[ A process has died: whom it held seek no longer. Reads the whole queue, once a death.
KEYS 1 base
ARGV 1 node
Returns { ending ... }. ]]
local node, endings = ARGV[1], {}
local asked = redis.call("HGETALL", ASKED)
for i = 1, #asked, 2 do
  if cjson.decode(asked[i + 1]).node == node then dequeue(asked[i]) end
end
for _, meet in ipairs(redis.call("ZRANGEBYSCORE", OWED, "-inf", int(now))) do
  local p = read_pair(meet)
  if p and p.stage == "new" then
    local gone_a = cjson.decode(p.searcha).node == node
    local gone_b = cjson.decode(p.searchb).node == node
    if gone_a and gone_b then endings[#endings + 1] = shown_ending(end_pair(p, "left", ""))
    elseif gone_a or gone_b then endings[#endings + 1] = shown_ending(walk_out(p, gone_a and p.a or p.b)) end
  end
end
return endings
