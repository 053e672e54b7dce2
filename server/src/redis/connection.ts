import { ErrorReply, createClient } from "redis";
import type { Logger } from "pino";
import type { Clock } from "../lib/clock.ts";
import { ContractError, StoreUnavailable } from "../lib/errors.ts";
import { Deadlines } from "./deadlines.ts";
import { REDIS_TIME, compile } from "./scripts.ts";
import type { CompiledScript, Script } from "./scripts.ts";

export interface RedisOptions {
  /** `redis[s]://…`, or `unix:` and a path. */
  url: string;
  logger: Logger;
  /** Put before every key. */
  keyPrefix: string;
  /** After this a command counts as unanswered, in ms. */
  deadlineMs?: number;
  /** Another time than Redis's: Lua that defines `now_ms()`, and the same as a clock. For tests. */
  time?: { source: string; clock: Clock };
}

type Arg = string | number;

/** Commands that wait for an answer at one time; far more than one Redis answers within the deadline. */
const WAITING_MAX = 100_000;

/**
 * The one way to Redis: every command has a deadline, every failure to reach it is
 * `StoreUnavailable`, and an outage never ends the process.
 */
export class RedisConnection {
  readonly prefix: string;
  readonly #client: ReturnType<typeof newClient>;
  readonly #deadlines: Deadlines;
  readonly #timeSource: string;
  readonly #manualClock: Clock | undefined;
  readonly #compiled = new Map<Script, CompiledScript>();
  #offsetMs = 0;
  #away = false;
  #lastError: Error | null = null;

  constructor(options: RedisOptions) {
    this.prefix = options.keyPrefix;
    this.#deadlines = new Deadlines(options.deadlineMs ?? 1500);
    this.#timeSource = options.time?.source ?? REDIS_TIME;
    this.#manualClock = options.time?.clock;
    this.#client = newClient(options.url);
    // Without a listener the first lost connection would end the process.
    this.#client.on("error", (error: Error) => {
      if (!this.#away) options.logger.warn({ reason: error.message }, "redis is away");
      this.#away = true;
      this.#lastError = error;
    });
    this.#client.on("ready", () => {
      if (this.#away) options.logger.info("redis is back");
      this.#away = false;
    });
  }

  /** Rejects when Redis cannot be reached at all within `withinMs`. */
  async connect(withinMs: number): Promise<void> {
    try {
      await new Deadlines(withinMs).within(this.#client.connect());
    } catch (error) {
      // It was tried again and again: why it failed says more than that time was up.
      throw this.#lastError ?? error;
    }
    await this.syncClock();
  }

  /** Redis's clock as this process knows it: the same one that scripts use, to some milliseconds. */
  get clock(): Clock {
    return this.#manualClock ?? { now: () => Math.round(Date.now() + this.#offsetMs) };
  }

  async syncClock(): Promise<void> {
    const sent = Date.now();
    const [seconds, micros] = (await this.command("TIME")) as [string, string];
    const received = Date.now();
    const redisMs = Number(seconds) * 1000 + Number(micros) / 1000;
    this.#offsetMs = redisMs - (sent + received) / 2;
  }

  async command(...args: Arg[]): Promise<unknown> {
    return this.#run(() => this.#client.sendCommand(args.map(String)));
  }

  /** Runs a script on keys that share one hash tag. */
  async run(script: Script, keys: readonly string[], args: readonly Arg[]): Promise<unknown> {
    let compiled = this.#compiled.get(script);
    if (!compiled) {
      compiled = compile(script, this.#timeSource);
      this.#compiled.set(script, compiled);
    }
    const { sha, source } = compiled;
    const options = { keys: [...keys], arguments: args.map(String) };
    return this.#run(async () => {
      try {
        return await this.#client.evalSha(sha, options);
      } catch (error) {
        // NOSCRIPT is the code of the reply: Redis was restarted, or has never seen the script.
        if (!(error instanceof ErrorReply) || !error.message.startsWith("NOSCRIPT")) throw error;
        return this.#client.eval(source, options);
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
        !/^(LOADING|OOM|READONLY|MASTERDOWN|BUSY|CLUSTERDOWN|MISCONF|TRYAGAIN)\b/.test(
          error.message,
        )
      ) {
        throw new ContractError(error.message);
      }
      throw new StoreUnavailable(error);
    }
  }

  /** What an acknowledgement does not survive here, in words; null where it survives everything. */
  async durability(): Promise<string | null> {
    const read = async (name: string): Promise<string> => {
      const answer = await this.command("CONFIG", "GET", name).catch(() => []);
      return Array.isArray(answer) ? String(answer[1] ?? "") : "";
    };
    const [appendonly, appendfsync] = await Promise.all([read("appendonly"), read("appendfsync")]);
    if (appendonly === "" || (appendonly === "yes" && appendfsync === "always")) return null;
    return appendonly === "yes"
      ? `this Redis writes its file with appendfsync ${appendfsync}: its crash can lose what was acknowledged last; "always" would not`
      : "this Redis keeps no append-only file: its restart loses what was acknowledged; set appendonly yes";
  }

  close(): void {
    this.#client.destroy();
  }
}

function newClient(url: string) {
  const reconnectStrategy = (retries: number): number =>
    Math.min(50 * 2 ** Math.min(retries, 5), 1000) * (0.75 + Math.random() / 2);
  const socket = url.startsWith("unix:")
    ? { path: url.slice("unix:".length), tls: false as const, reconnectStrategy }
    : { reconnectStrategy, connectTimeout: 2000 };
  return createClient({
    ...(url.startsWith("unix:") ? {} : { url }),
    socket,
    // Flat lists for everything: the same form that scripts answer in.
    RESP: 2,
    disableOfflineQueue: true,
    // The deadline is ours; a signal for each command costs as much as the command.
    commandOptions: { timeout: 0 },
  });
}
