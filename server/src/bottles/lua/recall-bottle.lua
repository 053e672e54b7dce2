--[[ Its thrower takes a bottle back: out of the sea and out of every hand, its text erased, for good.
Again is the same as once. What was answered before stays a thread.
KEYS 1 sea base
ARGV 1 bottle  2 thrower, or "" where a moderator takes it
Returns { "recalled" | "gone", fresh outbox entries }. ]]
local b = load_bottle(ARGV[1])
if not b or (ARGV[2] ~= "" and b.owner ~= ARGV[2]) then return { "gone", fresh } end
if b.state == "recalled" then return { "recalled", fresh } end
local over = b.state == "expired" or b.expiresAt <= now or (b.state == "open" and b.free == 0 and b.held == 0)
if over then return { "gone", fresh } end
end_leases(b)
finish(b, "recalled")
redis.call("HSET", bottle_key(b.id), "text", "", "mood", "")
save(b)
return { "recalled", fresh }
