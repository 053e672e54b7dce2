--[[ Take a question or an answer away.
KEYS as in box.lua
ARGV 1 hash of the owner key  2 id
Returns "question", "answer" or "gone". ]]
if not is_owner(ARGV[1]) then return "gone" end
renew()
let_go()
local was_waiting = redis.call("ZSCORE", WAITING, ARGV[2])
local was_answered = redis.call("ZSCORE", ANSWERED, ARGV[2])
take_out(ARGV[2])
if was_answered then return "answer" end
return was_waiting and "question" or "gone"
