--[[ Where somebody stands.
KEYS 1 base
ARGV 1 who
Returns { since when he waits or "", pair or {} }. ]]
local w = read_waiting(ARGV[1])
return { w and int(w.since) or "", shown_pair(redis.call("GET", of_key(ARGV[1]))) }
