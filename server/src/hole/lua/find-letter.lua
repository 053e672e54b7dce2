--[[ A letter, to whoever knows its id.
KEYS as in hole.lua
ARGV 1 id
Returns the letter's JSON, or "". ]]
return is_open() and redis.call("HGET", LETTERS, ARGV[1]) or ""
