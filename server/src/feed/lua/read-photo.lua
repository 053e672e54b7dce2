--[[ The photo of a secret.
KEYS as in secret.lua
Returns base64, or "" where there is none. ]]
if not is_there() then return "" end
return redis.call("GET", PHOTO) or ""
