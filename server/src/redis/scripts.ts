import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";

/**
 * A Lua script as a value. Read eagerly at import, so that a file which is missing from a build fails
 * at start and not at first use.
 */
export interface Script {
  readonly name: string;
  readonly body: string;
}

/** Loads `file` relative to the module `from`, behind the shared `preludes` of its feature. */
export function loadScript(from: string, file: string, preludes: readonly string[] = []): Script {
  const read = (name: string): string => readFileSync(new URL(name, from), "utf8");
  return { name: file, body: [...preludes, file].map(read).join("\n") };
}

/**
 * How a script learns the time: `now_ms()`. In production it is Redis TIME, so that all processes
 * share one clock. Tests put a key in its place that they move by hand.
 */
export const REDIS_TIME = `local function now_ms()
  local t = redis.call("TIME")
  return tonumber(t[1]) * 1000 + math.floor(tonumber(t[2]) / 1000)
end
`;

/**
 * How what is kept long of a person is kept: for so long at least, and up to a thirtieth longer, to the end of a slot.
 * Two records that were renewed in one instant are not known by it to be of one person.
 */
const KEEP_ABOUT = `local function keep_about(key, ms)
  local now, slot = now_ms(), math.max(1, math.floor(ms / 30))
  return redis.call("PEXPIRE", key, string.format("%.0f", math.ceil((now + ms) / slot) * slot - now))
end
`;

export interface CompiledScript {
  readonly name: string;
  readonly source: string;
  readonly sha: string;
}

export function compile(script: Script, timeSource: string): CompiledScript {
  const source = timeSource + KEEP_ABOUT + script.body;
  return { name: script.name, source, sha: createHash("sha1").update(source).digest("hex") };
}

/**
 * The keys of a script that is given a root alone and builds its other keys from it; no key has either
 * name. While a Cluster moves their slot such a script would find some keys and miss others: of two keys
 * that are not there Redis says TRYAGAIN, until all are in one place.
 */
export const rootKeys = (root: string): readonly [string, string] => [root, `${root}:moving`];
