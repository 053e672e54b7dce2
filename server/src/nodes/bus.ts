import { createHmac, timingSafeEqual } from "node:crypto";
import { nanoid } from "nanoid";
import type { Clock } from "../lib/clock.ts";
import type { NodeId } from "../presence/node-id.ts";
import { PARTITIONS, partitionOf } from "./nodes.keys.ts";
import type { Listener, Missed, Nodes, TellingKind } from "./nodes.ts";
import type { Tellings } from "./tellings.ts";
import type { WakeUps } from "./wake-ups.ts";

/** Who has not heard its own beat for so long is deaf, in ms. */
export const DEAF_MS = 2000;
/** Who is deaf looks into the stores once in so many beats. */
const DEAF_BEATS = 4;
/** An answer is waited for so long, in ms: whoever has not given it by then is deaf, and knows it. */
const ASK_MS = DEAF_MS + 600;
const ASK_AGAIN_MS = 400;
/** A new process waits so long to be known to all others, in ms: then their presence has told them. */
const GREET_MS = 1000;
/** What was missed is looked for from so long before the instant at which it was noticed, in ms. */
const LOOK_BACK_MS = 5000;
/** A text of another age is nobody's, in ms. */
const FRESH_MS = 30_000;
const DAY_MS = 24 * 60 * 60 * 1000;

/** Between processes alone; `counts` are the numbers of what the sender sent last, by partition. */
type Control =
  | { control: "beat"; counts: number[] }
  /** It has just come, and hears. */
  | { control: "hello"; counts: number[] }
  /** From now on `to` is told. */
  | { control: "welcome"; to: NodeId; counts: number[] }
  | { control: "done"; to: NodeId; ask: string };
type Body = Control | { kind: TellingKind; what: unknown; ask?: string };

interface Letter {
  from: NodeId;
  number: number;
  body: Body;
}

export interface BusParts {
  wakeUps: WakeUps;
  node: NodeId;
  /** The store's. */
  clock: Clock;
  onSent: () => void;
  /** Not believed, and not heard. */
  onDropped: (reason: "forged" | "stale" | "replayed") => void;
  onGap: () => void;
  onFault: (error: unknown) => void;
}

/**
 * `Nodes` over wake-ups. Each text is signed, and numbered by its sender for its partition, so that
 * what is missing is noticed: by the next number, or by the sender's next beat. Each process hears its
 * own beat as well, and knows by its absence that it is deaf, whatever the reason.
 */
export class Bus implements Nodes {
  readonly #p: BusParts;
  readonly #listeners = new Map<TellingKind, Listener<TellingKind>[]>();
  readonly #missedListeners: Missed[] = [];
  readonly #others = new Set<NodeId>();
  readonly #sent = Array<number>(PARTITIONS).fill(0);
  /** What was heard last of each sender, by partition; -1 where nothing is known. */
  readonly #heard = new Map<NodeId, number[]>();
  /** What a sender's beat said before: a partition may be slower than another. */
  readonly #said = new Map<NodeId, number[]>();
  readonly #asks = new Map<string, { waiting: Set<NodeId>; done: () => void }>();
  readonly #greeting = new Set<NodeId>();
  readonly #keys = new Map<number, Buffer>();
  #greeted: (() => void) | null = null;
  #mayKeysDiffer = true;
  #echoAt = -Infinity;
  #deafBeats = 0;
  #missedSince: number | null = null;
  #owedSince: number | null = null;
  #catchingUp: Promise<void> | null = null;

  constructor(parts: BusParts) {
    this.#p = parts;
  }

  get areOthers(): boolean {
    return this.#others.size > 0;
  }

  get isDeaf(): boolean {
    if (this.#others.size === 0) return false;
    return !this.#p.wakeUps.isOpen || performance.now() - this.#echoAt > DEAF_MS;
  }

  hear<K extends TellingKind>(kind: K, listener: Listener<K>): void {
    const all = this.#listeners.get(kind) ?? [];
    this.#listeners.set(kind, [...all, listener as Listener<TellingKind>]);
  }

  onMissed(listener: Missed): void {
    this.#missedListeners.push(listener);
  }

  /** From then on everything is heard. */
  async start(): Promise<void> {
    await this.#loadKeys();
    await this.#p.wakeUps.open((partition, text) => this.#receive(partition, text));
  }

  /** Resolves when all who are alive know of this process. Before it serves anybody. */
  async greet(alive: readonly NodeId[]): Promise<void> {
    for (const node of alive) this.#add(node);
    if (!this.areOthers) return;
    for (const node of this.#others) this.#greeting.add(node);
    const greeted = new Promise<void>((resolve) => (this.#greeted = resolve));
    void this.#send(0, { control: "hello", counts: [] });
    const timer = setTimeout(() => this.#greeted?.(), GREET_MS);
    await greeted;
    clearTimeout(timer);
    this.#greeted = null;
  }

  /** To be called twice a second, with those whom presence knows to be alive. */
  async beat(alive: readonly NodeId[]): Promise<void> {
    for (const node of this.#others) if (!alive.includes(node)) this.#forget(node);
    for (const node of alive) if (!this.#others.has(node)) this.#meet(node);
    await this.#loadKeys();
    if (this.areOthers) await this.#send(0, { control: "beat", counts: [] });
    const owed = this.#owedSince;
    this.#owedSince = null;
    if (owed !== null) this.#miss(owed);
    else if (this.isDeaf && (this.#deafBeats += 1) % DEAF_BEATS === 1) this.#miss(this.#lookBack());
  }

  async tell<K extends TellingKind>(name: string, kind: K, what: Tellings[K]): Promise<void> {
    if (this.areOthers) await this.#send(partitionOf(name), { kind, what });
  }

  async ask<K extends TellingKind>(name: string, kind: K, what: Tellings[K]): Promise<void> {
    if (!this.areOthers) return;
    const ask = nanoid(10);
    const send = (): void => void this.#send(partitionOf(name), { kind, what, ask });
    await new Promise<void>((done) => {
      this.#asks.set(ask, { waiting: new Set(this.#others), done });
      const again = setInterval(send, ASK_AGAIN_MS);
      const timer = setTimeout(done, ASK_MS);
      this.#asks.get(ask)!.done = () => {
        clearInterval(again);
        clearTimeout(timer);
        done();
      };
      send();
    });
    this.#asks.get(ask)!.done();
    this.#asks.delete(ask);
  }

  /** Resolves when nothing is being caught up with. */
  async idle(): Promise<void> {
    await this.#catchingUp;
  }

  #add(node: NodeId): void {
    if (node === this.#p.node) return;
    // Nobody beats where he is alone: the first echo is waited for as long as any.
    if (this.#others.size === 0) this.#echoAt = performance.now();
    this.#others.add(node);
  }

  /** Tells one from now on; what it may have missed before, it looks for when it is welcomed. */
  #meet(node: NodeId): void {
    this.#add(node);
    void this.#send(0, { control: "welcome", to: node, counts: [] });
  }

  #forget(node: NodeId): void {
    this.#others.delete(node);
    this.#heard.delete(node);
    this.#said.delete(node);
    for (const { waiting, done } of this.#asks.values())
      if (waiting.delete(node) && waiting.size === 0) done();
  }

  async #send(partition: number, body: Body): Promise<void> {
    const number = (this.#sent[partition]! += 1);
    if ("counts" in body) body.counts = this.#sent;
    const now = Math.round(this.#p.clock.now());
    const head = `${Math.floor(now / DAY_MS)} ${this.#p.node} ${number} ${now}`;
    const json = JSON.stringify(body);
    const key = this.#keys.get(Math.floor(now / DAY_MS));
    // Without the day's key nobody could believe it; the number that is missing says that it was there.
    if (!key) return;
    this.#p.onSent();
    const mac = macOf(key, partition, head, json).toString("base64url");
    await this.#p.wakeUps.publish(partition, `${head} ${mac} ${json}`).catch(() => {});
  }

  #receive(partition: number, text: string): void {
    const letter = this.#open(partition, text);
    if (!letter) return;
    const { from, number, body } = letter;
    if (from === this.#p.node) {
      if ("control" in body && body.control === "beat") this.#echo();
      return;
    }
    if ("control" in body && body.control !== "done") this.#learn(from, body.control, body.counts);
    if (!this.#count(from, partition, number)) return;
    if ("control" in body) this.#control(from, body);
    else this.#dispatch(from, partition, body);
  }

  /** What is not signed with a key of these days, or is too old, is nobody's. */
  #open(partition: number, text: string): Letter | null {
    const parts = /^(\d{1,8}) ([\w-]{1,64}) (\d{1,15}) (\d{1,15}) ([\w-]{43}) (.*)$/s.exec(text);
    const [, day = "", from = "", number = "", at = "", mac = "", json = ""] = parts ?? [];
    const key = this.#keys.get(Number(day));
    const given = Buffer.from(mac, "base64url");
    const head = `${day} ${from} ${number} ${at}`;
    if (!key || given.length !== 32 || !timingSafeEqual(given, macOf(key, partition, head, json))) {
      // Or the store was emptied, and there is another key by now.
      this.#mayKeysDiffer = true;
      this.#p.onDropped("forged");
      return null;
    }
    if (Math.abs(this.#p.clock.now() - Number(at)) > FRESH_MS) {
      this.#p.onDropped("stale");
      return null;
    }
    return { from, number: Number(number), body: JSON.parse(json) as Body };
  }

  #echo(): void {
    const wasDeaf = this.isDeaf;
    this.#echoAt = performance.now();
    if (wasDeaf && !this.isDeaf) this.#miss(this.#lookBack());
  }

  /** From a sender who says what it has sent: whether something of it never came. */
  #learn(from: NodeId, control: "beat" | "hello" | "welcome", counts: number[]): void {
    const heard = this.#heard.get(from);
    if (!heard) {
      // This very text is counted next.
      this.#heard.set(from, [counts[0]! - 1, ...counts.slice(1)]);
      this.#said.set(from, [...counts]);
      return;
    }
    const said = this.#said.get(from) ?? [];
    const isGap = said.some((count, n) => heard[n]! >= 0 && count > heard[n]!);
    this.#heard.set(
      from,
      heard.map((count, n) => (count < 0 && n > 0 ? counts[n]! : Math.max(count, said[n] ?? -1))),
    );
    this.#said.set(from, control === "beat" ? [...counts] : []);
    if (isGap) this.#gap();
  }

  /** False: it was heard before. */
  #count(from: NodeId, partition: number, number: number): boolean {
    let heard = this.#heard.get(from);
    if (!heard) {
      this.#heard.set(from, (heard = Array<number>(PARTITIONS).fill(-1)));
      this.#miss(this.#lookBack());
    }
    const before = heard[partition]!;
    if (number <= before) {
      this.#p.onDropped("replayed");
      return false;
    }
    heard[partition] = number;
    if (before >= 0 && number > before + 1) this.#gap();
    return true;
  }

  #gap(): void {
    this.#p.onGap();
    this.#miss(this.#lookBack());
  }

  #control(from: NodeId, body: Control): void {
    switch (body.control) {
      case "hello":
        this.#meet(from);
        break;
      case "beat":
        if (!this.#others.has(from)) this.#meet(from);
        break;
      case "welcome":
        if (body.to !== this.#p.node) break;
        this.#add(from);
        this.#miss(this.#lookBack());
        if (this.#greeting.delete(from) && this.#greeting.size === 0) this.#greeted?.();
        break;
      case "done": {
        const ask = body.to === this.#p.node ? this.#asks.get(body.ask) : undefined;
        if (ask?.waiting.delete(from) && ask.waiting.size === 0) ask.done();
      }
    }
  }

  #dispatch(from: NodeId, partition: number, body: Extract<Body, { kind: TellingKind }>): void {
    const { kind, what, ask } = body;
    const work = (this.#listeners.get(kind) ?? []).map(async (listener) => {
      await listener(what as never);
    });
    Promise.all(work)
      .then(() => {
        if (ask !== undefined) void this.#send(partition, { control: "done", to: from, ask });
      })
      .catch((error: unknown) => {
        this.#p.onFault(error);
        this.#owe(this.#lookBack());
      });
  }

  #lookBack(): number {
    return this.#p.clock.now() - LOOK_BACK_MS;
  }

  #miss(since: number): void {
    this.#missedSince = Math.min(this.#missedSince ?? since, since);
    this.#catchingUp ??= this.#catchUp().finally(() => (this.#catchingUp = null));
  }

  async #catchUp(): Promise<void> {
    while (this.#missedSince !== null) {
      const since = this.#missedSince;
      this.#missedSince = null;
      for (const listener of this.#missedListeners)
        await listener(since).catch((error: unknown) => {
          this.#p.onFault(error);
          this.#owe(since);
        });
    }
  }

  /** With the next beat. */
  #owe(since: number): void {
    this.#owedSince = Math.min(this.#owedSince ?? since, since);
  }

  /** Of yesterday, today and tomorrow: no clock is exact. */
  async #loadKeys(): Promise<void> {
    const today = Math.floor(this.#p.clock.now() / DAY_MS);
    if (!this.#mayKeysDiffer && this.#keys.has(today + 1)) return;
    for (const day of [today, today + 1]) this.#keys.set(day, await this.#p.wakeUps.key(day));
    for (const day of this.#keys.keys()) if (day < today - 1) this.#keys.delete(day);
    this.#mayKeysDiffer = false;
  }
}

function macOf(key: Buffer, partition: number, head: string, json: string): Buffer {
  return createHmac("sha256", key).update(`${partition} ${head} ${json}`).digest();
}
