--[[ One reading of the sea as it is now.
KEYS 1 sea root
ARGV 1 a command that reads one key  2 the key, after the base  then further arguments of the command
Returns its answer. ]]
return redis.call(ARGV[1], base .. ARGV[2], unpack(ARGV, 3))
