#!/bin/sh
# Writes the append-only files of a running Redis to the standard output, as a tar:
#   umask 077; ops/backup.sh -s .data/redis/redis.sock >backup.tar
# Takes the options of redis-cli (a password in REDISCLI_AUTH), and runs where that Redis's files are.
set -eu

ask() {
  command=$1
  shift
  echo "$command" | redis-cli "$@"
}
value() {
  name=$1
  shift
  ask "CONFIG GET $name" "$@" | tail -n 1
}
rewritten() {
  while ask "INFO persistence" "$@" | grep -q '^aof_rewrite_\(in_progress\|scheduled\):1'; do sleep 0.2; done
}

dir=$(value dir "$@")
files=$(value appenddirname "$@")
if [ -z "$files" ] || [ ! -d "$dir/$files" ]; then
  echo "no append-only files: is that Redis running here, with appendonly yes?" >&2
  exit 1
fi
percentage=$(value auto-aof-rewrite-percentage "$@")
trap 'ask "CONFIG SET auto-aof-rewrite-percentage $percentage" "$@" >&2' EXIT
# While they are copied no rewrite may replace them; and one before leaves out all that has ended.
ask "CONFIG SET auto-aof-rewrite-percentage 0" "$@" >&2
rewritten "$@"
ask "BGREWRITEAOF" "$@" >&2
rewritten "$@"
if ! ask "INFO persistence" "$@" | grep -q '^aof_last_bgrewrite_status:ok'; then
  echo "the files could not be rewritten; Redis's log says why" >&2
  exit 1
fi
# 1: the last file has grown meanwhile. What is missing of it was written after this backup.
tar -C "$dir" -cf - "$files" || [ $? -eq 1 ]
