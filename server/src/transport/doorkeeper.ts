import { createHmac, randomBytes } from "node:crypto";
import { TokenBucket } from "./meter.ts";
import type { Admission, Upgrade } from "./transport.ts";

/** How often the key changes under which addresses are counted, in ms (M7). */
const KEY_LIFE_MS = 24 * 60 * 60 * 1000;
/** A bucket that has not been asked for this long is full again and forgotten, in ms. */
const IDLE_MS = 10 * 60 * 1000;
const CROWD_MS = 10_000;

export interface DoorkeeperOptions {
  /** Null: the host that the page came from. */
  allowedOrigins: readonly string[] | null;
  trustedProxies: number;
  /** Open connections of one address; null for no limit. */
  connectionsPerAddress: number | null;
  isDraining: () => boolean;
  onRefused: (reason: "origin" | "address" | "draining") => void;
  /** An address is over its limit; once in `CROWD_MS` for each, however often it tries. */
  onCrowd: () => void;
  now?: () => number;
}

interface Caller {
  open: number;
  bucket: TokenBucket;
  seenAt: number;
  /** When it was last said that it is over its limit. */
  crowdedAt: number;
}

/**
 * Decides on upgrades, from memory. An address is counted under a keyed hash whose key is random,
 * never leaves this object, and is replaced daily; the address itself is not kept.
 */
export class Doorkeeper {
  readonly #options: DoorkeeperOptions;
  readonly #now: () => number;
  readonly #callers = new Map<string, Caller>();
  #key = randomBytes(32);
  #keySince: number;

  constructor(options: DoorkeeperOptions) {
    this.#options = options;
    this.#now = options.now ?? Date.now;
    this.#keySince = this.#now();
  }

  admit(upgrade: Upgrade): Admission {
    if (this.#options.isDraining()) return this.#refuse("draining", 503);
    if (!this.mayCome(upgrade)) return this.#refuse("origin", 403);
    const limit = this.#options.connectionsPerAddress;
    if (limit === null) return { admitted: true, release: () => {} };
    const caller = this.#caller(this.#addressOf(upgrade), limit);
    const now = this.#now();
    if (caller.open >= limit || !caller.bucket.take(1, now)) {
      if (now - caller.crowdedAt >= CROWD_MS) {
        caller.crowdedAt = now;
        this.#options.onCrowd();
      }
      return this.#refuse("address", 429);
    }
    caller.open += 1;
    return { admitted: true, release: () => (caller.open -= 1) };
  }

  #refuse(reason: "origin" | "address" | "draining", status: 403 | 429 | 503): Admission {
    this.#options.onRefused(reason);
    return { admitted: false, status };
  }

  /** A page of another site must not speak for its visitor. Programs send no Origin. */
  mayCome({ origin, host }: Pick<Upgrade, "origin" | "host">): boolean {
    if (origin === undefined) return true;
    const { allowedOrigins } = this.#options;
    if (allowedOrigins !== null) return allowedOrigins.includes(origin);
    if (!URL.canParse(origin)) return false;
    const url = new URL(origin);
    // As a browser writes it: a scheme of the web, the host, and nothing else.
    const isWeb = url.protocol === "https:" || url.protocol === "http:";
    return isWeb && url.origin === origin && url.host === host?.toLowerCase();
  }

  /** Behind n trusted proxies the n-th entry from the right is the first that they did not write. */
  #addressOf({ address, forwardedFor }: Pick<Upgrade, "address" | "forwardedFor">): string {
    const { trustedProxies } = this.#options;
    if (trustedProxies === 0 || forwardedFor === undefined) return address;
    const hops = forwardedFor.split(",").map((hop) => hop.trim());
    return hops.at(-trustedProxies) ?? hops[0] ?? address;
  }

  /** What an address may be counted under, here and elsewhere, for a day at most (M7). */
  markOf(from: Pick<Upgrade, "address" | "forwardedFor">): string {
    return this.#mark(this.#addressOf(from), this.#now());
  }

  #mark(address: string, now: number): string {
    if (now - this.#keySince >= KEY_LIFE_MS) this.#renewKey(now);
    return createHmac("sha256", this.#key).update(subnet(address)).digest("base64url");
  }

  #caller(address: string, limit: number): Caller {
    const now = this.#now();
    const mark = this.#mark(address, now);
    let caller = this.#callers.get(mark);
    if (!caller) {
      // New connections: three times as many as may be open at once, then that many a minute.
      const rate = { burst: limit * 3, perSecond: Math.max(1, limit / 60) };
      caller = { open: 0, bucket: new TokenBucket(rate, now), seenAt: now, crowdedAt: 0 };
      this.#callers.set(mark, caller);
    }
    caller.seenAt = now;
    return caller;
  }

  /** Who is connected under the old key is not counted under the new one: a day's slack at most. */
  #renewKey(now: number): void {
    this.#key = randomBytes(32);
    this.#keySince = now;
    this.#callers.clear();
  }

  /** Forgets addresses that have not been heard of. */
  sweep(): void {
    const before = this.#now() - IDLE_MS;
    for (const [mark, caller] of this.#callers)
      if (caller.open === 0 && caller.seenAt < before) this.#callers.delete(mark);
  }
}

/** One household has a whole /64 of IPv6: it counts as one address. */
function subnet(address: string): string {
  const mapped = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(address);
  if (mapped) return mapped[1]!;
  if (!address.includes(":")) return address;
  const [head = "", tail] = address.toLowerCase().split("::", 2);
  const left = head === "" ? [] : head.split(":");
  const right = tail === undefined || tail === "" ? [] : tail.split(":");
  // What a proxy passes on need not be an address.
  const missing = Math.max(0, 8 - left.length - right.length);
  const gap = tail === undefined ? [] : Array<string>(missing).fill("0");
  return [...left, ...gap, ...right]
    .slice(0, 4)
    .map((group) => group.replace(/^0+(?=.)/, ""))
    .join(":");
}
