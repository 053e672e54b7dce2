--[[ Take a bottle out of sight pending review, or bring it back under its original deadline.
KEYS 1 sea base
ARGV 1 bottle  2 "1" to hide, "0" to restore
Returns { "done" | "gone", fresh outbox entries }. ]]
local b = load_bottle(ARGV[1])
if not b or b.expiresAt <= now then return { "gone", fresh } end
if ARGV[2] == "1" and (b.state == "open" or b.state == "sealed") then
  end_leases(b)
  b.state = "hidden"
  -- One that nobody waits for any more has lost its timer, and would stay hidden beyond its deadline.
  set_timer("expire", b.id, b.expiresAt)
  save(b)
elseif ARGV[2] == "0" and b.state == "hidden" then
  b.state = b.sealedUntilAt > now and "sealed" or "open"
  save(b)
elseif b.state ~= "hidden" then
  return { "gone", fresh }
end
return { "done", fresh }
