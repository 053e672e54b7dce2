--[[ One side leaves, and the thread is closed for the other, who may still block or report it. When both have
left nothing remains.
ARGV 1 who leaves  2 how long the trace of an ended one is kept, ms
Returns 1, or 0 where it was not his any more. ]]
local side = side_of(ARGV[1])
if not side then return 0 end
leave(side, ARGV[2])
return 1
