--[[ Remember of a reporter what he alone can open.
KEYS 1 his former reports, list of <hour>|<sealed>, the newest first
ARGV 1 hour  2 sealed  3 how many are kept  4 how long, ms
Returns 1.
TTL: ARGV 4, about, from the newest. ]]
redis.call("LPUSH", KEYS[1], ARGV[1] .. "|" .. ARGV[2])
redis.call("LTRIM", KEYS[1], 0, tonumber(ARGV[3]) - 1)
keep_about(KEYS[1], tonumber(ARGV[4]))
return 1
