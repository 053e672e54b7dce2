--[[ Delete a secret, for whoever holds its key.
KEYS as in secret.lua
ARGV 1 hash of the key  2 how long the trace lives, ms
Returns 1, or 0 where it is not there or somebody else's. ]]
if not is_there() or field("ownerHash") ~= ARGV[1] then return 0 end
redis.call("DEL", POST, MARKS, COMMENTS, PHOTO)
redis.call("SET", WAS, "1", "PX", ARGV[2])
return 1
