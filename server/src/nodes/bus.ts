import { nanoid } from "nanoid";
import type { Clock } from "../lib/clock.ts";
import type { NodeId } from "../presence/node-id.ts";
import { Letters } from "./letters.ts";
import { PARTITIONS, partitionOf } from "./nodes.keys.ts";
import type { Listener, Missed, Nodes, TellingKind } from "./nodes.ts";
import type { Tellings } from "./tellings.ts";
import type { WakeUps } from "./wake-ups.ts";

/** Who has not heard its own beat for so long is deaf, in ms. */
export const DEAF_MS = 2000;
/** Who beats, as presence knows, and has not been heard for so long, is not heard, in ms. */
const UNHEARD_MS = 3000;
/** Who is deaf looks into the stores once in so many beats. */
const DEAF_BEATS = 4;
/** Of what is owed and fails again and again, between two tries, in beats. */
const OWED_AFTER_MAX = 4;
/** An answer is waited for so long, in ms: whoever has not given it by then is deaf, and knows it. */
const ASK_MS = DEAF_MS + 600;
const ASK_AGAIN_MS = 400;
/** A new process waits so long to be known to all others, in ms: then their presence has told them. */
const GREET_MS = 1000;
/** What was missed is looked for from so long before the last instant at which nothing was, in ms. */
const LOOK_BACK_MS = 5000;

/** The partition of what processes say of themselves. */
const BEATS = 0;

/** Between processes alone; `counts` are the numbers of what the sender sent last, by partition. */
type Control =
  | { control: "beat"; counts: number[] }
  /** It has just come, and hears. */
  | { control: "hello"; counts: number[] }
  /** From now on `to` is told. */
  | { control: "welcome"; to: NodeId; counts: number[] }
  | { control: "done"; to: NodeId; ask: string };
type Body = Control | { kind: TellingKind; what: unknown; ask?: string };

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
  readonly #letters: Letters;
  readonly #listeners = new Map<TellingKind, Listener<TellingKind>[]>();
  readonly #missedListeners: Missed[] = [];
  readonly #others = new Set<NodeId>();
  readonly #sent = Array<number>(PARTITIONS).fill(0);
  /** What was heard last of each sender, by partition; -1 where nothing is known. */
  readonly #heard = new Map<NodeId, number[]>();
  /** What a sender's beat said before: a partition may be slower than another. */
  readonly #said = new Map<NodeId, number[]>();
  readonly #heardAt = new Map<NodeId, number>();
  readonly #asks = new Map<string, { waiting: Set<NodeId>; done: () => void }>();
  readonly #greeting = new Set<NodeId>();
  #greeted: (() => void) | null = null;
  #echoAt = -Infinity;
  /** When nothing was missed, ms since 1970 in the store's clock. */
  #sureAt: number;
  #deafBeats = 0;
  #missedSince: number | null = null;
  #owedSince: number | null = null;
  /** Beats until what is owed is tried again, and how many they were the last time. */
  #owedIn = 0;
  #owedAfter = 0;
  #catchingUp: Promise<void> | null = null;

  constructor(parts: BusParts) {
    this.#p = parts;
    this.#letters = new Letters(parts);
    this.#sureAt = parts.clock.now();
  }

  get areOthers(): boolean {
    return this.#others.size > 0;
  }

  get isDeaf(): boolean {
    if (this.#others.size === 0) return false;
    const now = performance.now();
    if (!this.#p.wakeUps.isOpen || now - this.#echoAt > DEAF_MS) return true;
    // Or one alone is not heard, or not believed.
    for (const node of this.#others)
      if (now - (this.#heardAt.get(node) ?? 0) > UNHEARD_MS) return true;
    return false;
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
    await this.#letters.loadKeys();
    await this.#p.wakeUps.open((partition, text) => this.#receive(partition, text));
  }

  /** Resolves when all who are alive know of this process. Before it serves anybody. */
  async greet(alive: readonly NodeId[]): Promise<void> {
    for (const node of alive) this.#add(node);
    if (!this.areOthers) return;
    for (const node of this.#others) this.#greeting.add(node);
    const greeted = new Promise<void>((resolve) => (this.#greeted = resolve));
    void this.#send(BEATS, { control: "hello", counts: [] });
    const timer = setTimeout(() => this.#greeted?.(), GREET_MS);
    await greeted;
    clearTimeout(timer);
    this.#greeted = null;
  }

  /** To be called twice a second, with those whom presence knows to be alive. */
  async beat(alive: readonly NodeId[]): Promise<void> {
    const wasAlone = !this.areOthers;
    for (const node of this.#others) if (!alive.includes(node)) this.#forget(node);
    for (const node of alive) if (!this.#others.has(node)) this.#meet(node);
    await this.#letters.loadKeys();
    if (this.areOthers) await this.#send(BEATS, { control: "beat", counts: [] });
    else if (wasAlone) this.#sureAt = this.#p.clock.now();
    if (this.#owedSince !== null && (this.#owedIn -= 1) <= 0) {
      const owed = this.#owedSince;
      this.#owedSince = null;
      this.#miss(owed);
    } else if (this.isDeaf && (this.#deafBeats += 1) % DEAF_BEATS === 1)
      this.#miss(this.#lookBack());
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
    this.#heardAt.set(node, performance.now());
  }

  /** Tells one from now on; what it may have missed before, it looks for when it is welcomed. */
  #meet(node: NodeId): void {
    this.#add(node);
    void this.#send(BEATS, { control: "welcome", to: node, counts: [] });
  }

  #forget(node: NodeId): void {
    this.#others.delete(node);
    this.#heard.delete(node);
    this.#said.delete(node);
    this.#heardAt.delete(node);
    for (const { waiting, done } of this.#asks.values())
      if (waiting.delete(node) && waiting.size === 0) done();
  }

  async #send(partition: number, body: Body): Promise<void> {
    const number = (this.#sent[partition]! += 1);
    if ("counts" in body) body.counts = this.#sent;
    const text = this.#letters.seal(partition, { number, json: JSON.stringify(body) });
    // Nobody could believe it; the number that is missing says that it was there.
    if (text === null) return;
    this.#p.onSent();
    await this.#p.wakeUps.publish(partition, text).catch(() => {});
  }

  #receive(partition: number, text: string): void {
    const letter = this.#letters.open(partition, text);
    if (typeof letter === "string") {
      this.#p.onDropped(letter);
      return;
    }
    const { from, number } = letter;
    const isOwn = from === this.#p.node;
    if (isOwn && partition !== BEATS) return;
    const body = JSON.parse(letter.json) as Body;
    if (isOwn) {
      if ("control" in body && body.control === "beat") this.#echo();
      return;
    }
    if (this.#others.has(from)) this.#heardAt.set(from, performance.now());
    if ("control" in body && body.control !== "done") this.#learn(from, body.control, body.counts);
    if (!this.#count(from, partition, number)) return;
    if ("control" in body) this.#control(from, body);
    else this.#dispatch(from, partition, body);
  }

  #echo(): void {
    const now = this.#p.clock.now();
    // By either clock: whoever was taken for deaf by one of them looks once more.
    if (now - this.#sureAt > DEAF_MS || performance.now() - this.#echoAt > DEAF_MS)
      this.#miss(this.#lookBack());
    this.#sureAt = now;
    this.#echoAt = performance.now();
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
        // Both may have taken each other for dead.
        if (!this.#others.has(from)) this.#meet(from);
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
    return Math.min(this.#sureAt, this.#p.clock.now()) - LOOK_BACK_MS;
  }

  #miss(since: number): void {
    this.#missedSince = Math.min(this.#missedSince ?? since, since);
    this.#catchingUp ??= this.#catchUp().finally(() => (this.#catchingUp = null));
  }

  async #catchUp(): Promise<void> {
    while (this.#missedSince !== null) {
      const since = this.#missedSince;
      this.#missedSince = null;
      // Beside each other: who waits in a room does not wait for what is for others.
      const catchUp = (listener: Missed): Promise<void> =>
        listener(since).catch((error: unknown) => {
          this.#p.onFault(error);
          this.#owe(since);
        });
      await Promise.all(this.#missedListeners.map(catchUp));
      if (this.#owedSince === null) this.#owedAfter = 0;
    }
  }

  /** With the next beat; where it fails again, each time after twice as many: it is work for all who are there. */
  #owe(since: number): void {
    if (this.#owedSince === null) {
      this.#owedAfter = Math.min(OWED_AFTER_MAX, Math.max(1, 2 * this.#owedAfter));
      this.#owedIn = this.#owedAfter;
    }
    this.#owedSince = Math.min(this.#owedSince ?? since, since);
  }
}
