import { ErrorReply } from "redis";
import type { Logger } from "pino";
import type { Clock } from "../lib/clock.ts";
import { ContractError, StoreUnavailable } from "../lib/errors.ts";
import { Deadlines } from "./deadlines.ts";
import { ClusterLink, SingleLink, addressesOf } from "./link.ts";
import type { Link, LinkEvents, Master } from "./link.ts";
import { REDIS_TIME, compile } from "./scripts.ts";
import type { CompiledScript, Script } from "./scripts.ts";

export interface RedisOptions {
  /** `redis[s]://…`, several nodes of a Cluster with commas between, or `unix:` and a path. */
  url: string;
  logger: Logger;
  /** Put before every key. */
  keyPrefix: string;
  /** Another time than Redis's: Lua that defines `now_ms()`, and the same as a clock. For tests. */
  time?: { source: string; clock: Clock };
}

type Arg = string | number;

/** Commands that wait for an answer at one time; far more than one Redis answers within the deadline. */
const WAITING_MAX = 100_000;
/** After this a command counts as unanswered, in ms. */
const DEADLINE_MS = 1500;
/** How often every node is asked whether it is there, and how long none may be silent, in ms. */
const LOOK_MS = 1000;
const SILENT_MAX_MS = 3000;
/** How long a new link may take to be made, in ms. */
const REPLACE_WITHIN_MS = 5000;
/** Clocks of masters that differ by more are worth a warning, in ms. */
const SKEW_MAX_MS = 1000;
/** So often they are asked for the time, one after the other, each time that it is set. */
const CLOCK_SAMPLES = 3;
/** Commands whose arguments are keys, all of them: they must be of one slot. */
const ALL_KEYS = new Set(["DEL", "UNLINK", "EXISTS"]);

/**
 * The one way to Redis, be it one or a Cluster: every command has a deadline, every failure to reach
 * it is `StoreUnavailable`, and an outage never ends the process.
 */
export class RedisConnection {
  readonly prefix: string;
  readonly #urls: readonly string[];
  readonly #events: LinkEvents;
  readonly #logger: Logger;
  readonly #deadlines: Deadlines;
  readonly #timeSource: string;
  readonly #manualClock: Clock | undefined;
  readonly #compiled = new Map<Script, CompiledScript>();
  #link: Link;
  #watch: NodeJS.Timeout | null = null;
  #isLooking = false;
  #generation = 0;
  #answeredAt = 0;
  #isClosed = false;
  #offsetMs = 0;
  #isSkewed = false;
  #away = false;
  #lastError: Error | null = null;

  constructor(options: RedisOptions) {
    this.prefix = options.keyPrefix;
    this.#logger = options.logger;
    this.#deadlines = new Deadlines(DEADLINE_MS);
    this.#timeSource = options.time?.source ?? REDIS_TIME;
    this.#manualClock = options.time?.clock;
    this.#events = {
      onAway: (error) => {
        if (!this.#away) options.logger.warn({ reason: error.message }, "redis is away");
        this.#away = true;
        this.#lastError = error;
      },
      onBack: () => {
        if (this.#away) options.logger.info("redis is back");
        this.#away = false;
      },
    };
    this.#urls = addressesOf(options.url);
    this.#link =
      this.#urls.length > 1
        ? new ClusterLink(this.#urls, this.#events)
        : new SingleLink(options.url, this.#events);
  }

  /** Rejects when Redis cannot be reached at all within `withinMs`. */
  async connect(withinMs: number): Promise<void> {
    try {
      await new Deadlines(withinMs).within(this.#open());
    } catch (error) {
      // It was tried again and again: why it failed says more than that time was up.
      throw this.#lastError ?? error;
    }
    await this.syncClock();
    this.#answeredAt = performance.now();
    this.#watch = setInterval(() => void this.#look(), LOOK_MS).unref();
  }

  async #open(): Promise<void> {
    await this.#link.open();
    if (!(this.#link instanceof SingleLink) || !(await this.#link.isNodeOfCluster())) return;
    this.#link.destroy();
    this.#link = new ClusterLink(this.#urls, this.#events);
    if (this.#isClosed) this.#link.destroy();
    await this.#link.open();
  }

  /**
   * A node that has hung, whose host has gone, or to which the way is lost, closes no connection: TCP notices
   * after minutes, when another has long been in its place or it can be reached again. Then all are made anew.
   */
  async #look(): Promise<void> {
    if (this.#isLooking) return;
    this.#isLooking = true;
    try {
      await this.everyMaster("PING");
      this.#answeredAt = performance.now();
    } catch {
      if (performance.now() - this.#answeredAt > SILENT_MAX_MS) await this.#replace();
    } finally {
      this.#isLooking = false;
    }
  }

  async #replace(): Promise<void> {
    const old = this.#link;
    const link = old.successor();
    try {
      await new Deadlines(REPLACE_WITHIN_MS).within(link.open());
    } catch {
      link.destroy();
      return;
    }
    this.#link = link;
    this.#generation += 1;
    old.destroy();
    if (this.#isClosed) link.destroy();
  }

  /** Grows where all connections were made anew, for nothing was heard by them any more. */
  get generation(): number {
    return this.#generation;
  }

  /** Redis's clock as this process knows it: the same one that scripts use, to some milliseconds. */
  get clock(): Clock {
    return this.#manualClock ?? { now: () => Math.round(Date.now() + this.#offsetMs) };
  }

  /** Who waited for an answer knows the time to half of that: of some answers the soonest counts (RFC 5905). */
  async syncClock(): Promise<void> {
    let best = await this.#clockSample();
    for (let i = 1; i < CLOCK_SAMPLES; i += 1) {
      // One is enough.
      const sample = await this.#clockSample().catch(() => best);
      if (sample.tookMs < best.tookMs) best = sample;
    }
    const { offsets } = best;
    // Of several masters the middle one: a single clock that is wrong does not count.
    this.#offsetMs = offsets[Math.floor(offsets.length / 2)]!;
    const skewMs = Math.round(offsets.at(-1)! - offsets[0]!);
    const isSkewed = skewMs > SKEW_MAX_MS;
    if (isSkewed && !this.#isSkewed)
      this.#logger.warn({ skewMs }, "the clocks of this Cluster's masters differ");
    this.#isSkewed = isSkewed;
  }

  /** How far each master is ahead, in ms, in order; and how long they took to answer. */
  async #clockSample(): Promise<{ offsets: number[]; tookMs: number }> {
    const [sentAt, sent] = [performance.now(), Date.now()];
    const times = (await this.everyMaster("TIME")) as [string, string][];
    const tookMs = performance.now() - sentAt;
    const offsets = times
      .map(([seconds, micros]) => Number(seconds) * 1000 + Number(micros) / 1000)
      .map((redisMs) => redisMs - sent - tookMs / 2)
      .sort((a, b) => a - b);
    return { offsets, tookMs };
  }

  /**
   * One command. Its first argument is its key, which says where it goes; those without a key that
   * concern every node (`KEYS`, `FLUSHALL`) go to all masters and give one answer.
   */
  async command(name: string, ...args: Arg[]): Promise<unknown> {
    const texts = args.map(String);
    if (ALL_KEYS.has(name)) sameSlot(name, texts);
    return this.#run(() => this.#link.send(texts[0] ?? "", [name, ...texts]));
  }

  /** One command to every master, one answer each; fails where one of them is away. */
  async everyMaster(...args: string[]): Promise<unknown[]> {
    return this.#run(() => this.#link.sendToAll(args));
  }

  /** The hash slot of a channel, which never changes. */
  async slotOf(channel: string): Promise<number> {
    return this.#run(() => this.#link.slotOf(channel));
  }

  /** How full the fullest master is, 0 to 1, of what it may take (`maxmemory`); 0 where that has no bound. */
  async fullness(): Promise<number> {
    const all = await this.everyMaster("INFO", "memory");
    const shares = all.map((info) => {
      const field = (name: string): number =>
        Number(new RegExp(`^${name}:(\\d+)`, "m").exec(String(info))?.[1] ?? 0);
      const most = field("maxmemory");
      return most === 0 ? 0 : field("used_memory") / most;
    });
    return Math.max(...shares);
  }

  /** Who has that slot now, as far as is known; null: nobody. */
  masterOf(slot: number): Master | null {
    return this.#link.masterOf(slot);
  }

  /** Runs a script on keys that share one hash tag. */
  async run(script: Script, keys: readonly string[], args: readonly Arg[]): Promise<unknown> {
    let compiled = this.#compiled.get(script);
    if (!compiled) {
      compiled = compile(script, this.#timeSource);
      this.#compiled.set(script, compiled);
    }
    const { sha, source } = compiled;
    sameSlot(script.name, keys);
    const rest = [String(keys.length), ...keys, ...args.map(String)];
    return this.#run(async () => {
      try {
        return await this.#link.send(keys[0]!, ["EVALSHA", sha, ...rest]);
      } catch (error) {
        // NOSCRIPT is the code of the reply: Redis was restarted, or has never seen the script.
        if (!(error instanceof ErrorReply) || !error.message.startsWith("NOSCRIPT")) throw error;
        return this.#link.send(keys[0]!, ["EVAL", source, ...rest]);
      }
    });
  }

  async #run<T>(command: () => Promise<T>): Promise<T> {
    // One that has hung up does not make this process grow without end.
    if (this.#deadlines.size >= WAITING_MAX) throw new StoreUnavailable();
    try {
      return await this.#deadlines.within(command());
    } catch (error) {
      // A reply that is an error comes from a script or a command of ours: a fault, not an outage.
      // LOADING, OOM, READONLY and their like are Redis saying that it cannot serve now.
      if (
        error instanceof ErrorReply &&
        !/^(LOADING|OOM|READONLY|MASTERDOWN|BUSY|CLUSTERDOWN|MISCONF|TRYAGAIN|NOREPLICAS)\b/.test(
          error.message,
        )
      ) {
        throw new ContractError(error.message);
      }
      throw new StoreUnavailable(error);
    }
  }

  /** What an acknowledgement does not survive here, in words; nothing where it survives everything. */
  async durability(): Promise<string[]> {
    const read = async (name: string): Promise<string[]> => {
      const answers = await this.everyMaster("CONFIG", "GET", name).catch(() => []);
      return answers.map((answer) => (Array.isArray(answer) ? String(answer[1] ?? "") : ""));
    };
    const [appendonly, appendfsync] = await Promise.all([read("appendonly"), read("appendfsync")]);
    const weak = appendfsync.find((sync, i) => appendonly[i] === "yes" && sync !== "always");
    const found: string[] = [];
    if (appendonly.includes("no"))
      found.push(
        "this Redis keeps no append-only file: its restart loses what was acknowledged; set appendonly yes",
      );
    else if (weak !== undefined)
      found.push(
        `this Redis writes its file with appendfsync ${weak}: its crash can lose what was acknowledged last; "always" would not`,
      );
    if (this.#link.isCluster)
      found.push(
        "this is a Redis Cluster: a master that is lost takes with it what its replica has not copied yet",
      );
    return found;
  }

  close(): void {
    this.#isClosed = true;
    if (this.#watch !== null) clearInterval(this.#watch);
    this.#link.destroy();
  }
}

/** A call on keys of several slots would fail on a Cluster, so it must not pass on a single Redis. */
function sameSlot(what: string, keys: readonly string[]): void {
  const tag = tagOf(keys[0]!);
  if (keys.some((key) => tagOf(key) !== tag))
    throw new ContractError(`${what}: its keys do not share one hash tag`);
}

/** What of a key names its slot: the part in the first braces, or all of it. */
function tagOf(key: string): string {
  const open = key.indexOf("{");
  const close = key.indexOf("}", open);
  return open < 0 || close <= open + 1 ? key : key.slice(open + 1, close);
}
