import { randomBytes } from "node:crypto";
import { createHistogram } from "node:perf_hooks";
import type { RecordableHistogram } from "node:perf_hooks";
import type { Events, RoomId } from "@driftsea/protocol";
import { StreamReader } from "../ledger/stream.ts";
import type { Tell } from "../ledger/facts.ts";
import { eachOf, pause } from "../run/together.ts";
import { writeId } from "../run/user.ts";
import type { Drifter } from "./drifter.ts";
import { LogReader } from "./log-reader.ts";

const LIFE_MS = 24 * 60 * 60 * 1000;
/** Bytes of what is written in an encrypted room. */
const SEALED_BYTES = 4096;

/** One of a room that everybody hears; a host writes into it at a steady rate. */
export interface Member {
  drifter: Drifter;
  log: LogReader;
}

/** Whose times count, of what is sent from now on, and where. */
interface Counting {
  who: ReadonlySet<Drifter>;
  into: RecordableHistogram;
}

/** A room, its host who writes, and how long each word takes to each of its members. */
export class Crowd {
  readonly members: Member[] = [];
  readonly #host: Drifter;
  readonly #roomId: RoomId;
  readonly #sent = new Map<string, { at: number; counting: Counting | null }>();
  #counting: Counting | null = null;
  #newest = 0;
  #writing: Promise<void> = Promise.resolve();
  #isOver = false;
  refused = 0;

  private constructor(host: Drifter, roomId: RoomId) {
    this.#host = host;
    this.#roomId = roomId;
  }

  static async gather(host: Drifter, drifters: readonly Drifter[], tell: Tell): Promise<Crowd> {
    const { room } = await host.write("room:create", {
      id: writeId(),
      lifetime: { kind: "fixed", ms: LIFE_MS },
      access: "listed",
      encrypted: true,
      capacity: drifters.length + 1,
    });
    const crowd = new Crowd(host, room.id);
    host.onBack = async () => void (await crowd.#after(host, crowd.#newest));
    await host.onBack();
    await eachOf(drifters.length, async (i) => {
      const drifter = drifters[i]!;
      const stream = new StreamReader(drifter.name, 0, tell);
      const log = new LogReader(
        stream,
        () => {},
        (after) => crowd.#after(drifter, after),
      );
      drifter.onBack = () => log.catchUp();
      drifter.onEvent = (event, data) => {
        if (event === "room:message") crowd.#heard(drifter, log, data as Events["room:message"]);
      };
      await drifter.onBack();
      crowd.members.push({ drifter, log });
    });
    return crowd;
  }

  async #after(who: Drifter, after: number) {
    const roomId = this.#roomId;
    const { recovered, messages } = await who.must("room:enter", { roomId, after });
    if (!recovered) throw new Error(`${who.name}: the room cannot give what came after ${after}`);
    return messages;
  }

  #heard(drifter: Drifter, log: LogReader, { roomId, message }: Events["room:message"]): void {
    if (roomId !== this.#roomId) return;
    log.heard(message);
    const { at, counting } = this.#sent.get(message.id) ?? { at: 0, counting: null };
    if (counting?.who.has(drifter)) recordMs(counting.into, performance.now() - at);
  }

  /** From then on, so many messages a second, whatever becomes of those before. */
  write(perSecond: number): void {
    const sealed = randomBytes(SEALED_BYTES).toString("base64url");
    this.#writing = (async () => {
      const all: Promise<void>[] = [];
      for (let dueAt = performance.now(); !this.#isOver; dueAt += 1000 / perSecond) {
        await pause(Math.max(0, dueAt - performance.now()));
        all.push(this.#say(sealed, dueAt));
      }
      await Promise.all(all);
    })();
    this.#writing.catch(() => {});
  }

  async #say(sealed: string, dueAt: number): Promise<void> {
    const id = writeId();
    this.#sent.set(id, { at: dueAt, counting: this.#counting });
    const { seq } = await this.#host.write("room:send", { id, roomId: this.#roomId, sealed });
    this.#newest = Math.max(this.#newest, seq);
  }

  /** How late these hear what is sent from now on until this is called again, in µs. */
  count(who: ReadonlySet<Drifter>): RecordableHistogram {
    const into = inMicroseconds();
    this.#counting = { who, into };
    return into;
  }

  /** Ends the writing; afterwards everybody has it all, in order. */
  async settle(): Promise<void> {
    this.#isOver = true;
    await this.#writing;
    await eachOf(this.members.length, (i) => this.members[i]!.log.settle(this.#newest));
  }
}

/** Up to two minutes. */
export const inMicroseconds = (): RecordableHistogram =>
  createHistogram({ lowest: 1, highest: 120_000_000, figures: 3 });

export const recordMs = (histogram: RecordableHistogram, ms: number): void =>
  histogram.record(Math.max(1, Math.round(ms * 1000)));

/** In ms, of a histogram of µs. */
export const p99 = (histogram: RecordableHistogram): number => histogram.percentile(99) / 1000;
