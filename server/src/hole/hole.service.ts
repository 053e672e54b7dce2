import { nanoid } from "nanoid";
import { cleanText } from "@driftsea/protocol";
import type { DrifterId, Letter, WriteId } from "@driftsea/protocol";
import { ageOf } from "../lib/age.ts";
import type { Clock } from "../lib/clock.ts";
import type { Context } from "../lib/connection-context.ts";
import { gone } from "../lib/errors.ts";
import type { Publisher } from "../lib/publisher.ts";
import { secureRandom } from "../lib/random.ts";
import type { HoleReading, HoleStore, LetterId, Veil, Wall } from "./hole.store.ts";

/** Letters that the hole keeps; the oldest give way. */
export const LETTERS_KEPT = 10_000;
/** Letters that one writer has in it; then his own oldest gives way. */
export const LETTERS_A_WRITER = 20;
/** Writes that it remembers, so that nobody fills the store by writing without end. */
const RECORDS_KEPT = 100_000;
/** The state is told at most once in this time, in ms. */
const TELL_MS = 1000;
/** What other processes changed is looked for once in this time, in ms. */
const LOOK_MS = 1000;

export interface HoleState {
  deadlineAt: number;
  letters: number;
}

/**
 * The tree hole (R11). Each process tells those who are connected to it, by comparing what the store
 * holds with what it told last: nothing has to pass between processes, and an idle hole is silent.
 */
export class HoleService {
  readonly #store: HoleStore;
  readonly #publisher: Pick<Publisher, "toEveryone">;
  readonly #clock: Clock;
  readonly #silenceMs: number;
  /** The newest reading; null before the first. */
  #known: HoleReading | null = null;
  #lookedAt = -Infinity;
  /** The wall as everybody was told of it. */
  #told: Wall | null = null;
  #toldAt = -Infinity;

  constructor(
    store: HoleStore,
    publisher: Pick<Publisher, "toEveryone">,
    clock: Clock,
    { silenceMs }: { silenceMs: number },
  ) {
    this.#store = store;
    this.#publisher = publisher;
    this.#clock = clock;
    this.#silenceMs = silenceMs;
  }

  /** Until when, and how many; an empty hole has its whole silence before it. */
  async status(): Promise<HoleState> {
    return this.#toWire(await this.#store.status());
  }

  /** Writes a letter, once a drifter and write id; again gives the deadline as it now stands. */
  async write(
    { drifter }: Context,
    letter: { writeId: WriteId; text: string },
  ): Promise<{ deadlineAt: number }> {
    const { writeId } = letter;
    const text = cleanText(letter.text);
    const { reading } = await this.#store.write(
      { id: nanoid(), writer: drifter, writeId, text },
      {
        silenceMs: this.#silenceMs,
        lettersKept: LETTERS_KEPT,
        lettersAWriter: LETTERS_A_WRITER,
        recordsKept: RECORDS_KEPT,
      },
    );
    this.#learn(reading);
    return { deadlineAt: this.#toWire(reading).deadlineAt };
  }

  /** One letter, each as likely as the others. Throws `gone` where there is none. */
  async read(): Promise<Letter> {
    const letter = await this.#store.draw(secureRandom.uniform());
    if (!letter) throw gone();
    const { id, text, writtenAt } = letter;
    return { id, text, age: ageOf(this.#clock.now() - writtenAt) };
  }

  /** What a letter says, for a report. Its id is known to those alone who have read it. */
  async quote(id: LetterId): Promise<{ text: string; writer: DrifterId; endsAt: number }> {
    const { text, writer, isHidden } = await this.#require(id);
    if (isHidden) throw gone();
    return { text, writer, endsAt: (await this.status()).deadlineAt };
  }

  /** Out of the draw, back in it, or gone for good; safe to repeat. */
  async veil(id: LetterId, veil: Veil): Promise<void> {
    this.#learn(await this.#store.veil(id, veil));
  }

  /** As `authorOf`; null where there is no such letter any more. */
  async writerOf(id: LetterId): Promise<DrifterId | null> {
    return (await this.#store.written(id))?.writer ?? null;
  }

  /** Who wrote a letter, for a block. Never to be told to anybody. */
  async authorOf(id: LetterId): Promise<DrifterId> {
    return (await this.#require(id)).writer;
  }

  async erase(drifter: DrifterId): Promise<void> {
    this.#learn(await this.#store.erase(drifter));
  }

  /** Deletes what is due and tells what has changed. For a ticker, several times a second. */
  async tend(): Promise<void> {
    const answer = await this.#store.tend();
    // A process that has just begun has seen no wall end, but whoever it serves may have.
    if (answer === "wiped" && this.#known === null) this.#publisher.toEveryone("hole:gone", {});
    const now = this.#clock.now();
    const end = this.#known?.wall?.deadlineAt ?? Infinity;
    if (answer === "wiped" || now >= end || now - this.#lookedAt >= LOOK_MS) {
      this.#learn(await this.#store.status());
      this.#lookedAt = now;
    } else {
      this.#tell();
    }
  }

  #learn(reading: HoleReading): void {
    const known = this.#known;
    this.#known = reading;
    const isOver = known?.wall && known.wall.deadlineAt <= reading.at;
    // One that ended before its time was emptied by who wrote it: that is a change like others.
    if (isOver && known.wall?.beganAt !== reading.wall?.beganAt) {
      this.#told = null;
      this.#publisher.toEveryone("hole:gone", {});
    }
    this.#tell();
  }

  /** Tells the state where it is another than was told, and not too soon after that. */
  #tell(): void {
    const known = this.#known;
    const now = this.#clock.now();
    if (!known || isSame(known.wall, this.#told) || now - this.#toldAt < TELL_MS) return;
    this.#told = known.wall;
    this.#toldAt = now;
    this.#publisher.toEveryone("hole:ticked", this.#toWire(known));
  }

  #toWire({ at, wall }: HoleReading): HoleState {
    return wall
      ? { deadlineAt: wall.deadlineAt, letters: wall.letters }
      : { deadlineAt: at + this.#silenceMs, letters: 0 };
  }

  async #require(id: LetterId): Promise<{ text: string; writer: DrifterId; isHidden: boolean }> {
    const letter = await this.#store.written(id);
    if (!letter) throw gone();
    return letter;
  }
}

function isSame(one: Wall | null, other: Wall | null): boolean {
  return one?.deadlineAt === other?.deadlineAt && one?.letters === other?.letters;
}
