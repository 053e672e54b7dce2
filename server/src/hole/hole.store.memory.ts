import type { DrifterId } from "@driftsea/protocol";
import type { Clock } from "../lib/clock.ts";
import { WRITE_RECORD_MS } from "../lib/write-record.ts";
import { writeMark } from "./hole.keys.ts";
import type {
  HoleReading,
  HoleRules,
  HoleStore,
  LetterId,
  NewLetter,
  StoredLetter,
  Veil,
} from "./hole.store.ts";

interface WrittenLetter extends StoredLetter {
  writer: DrifterId;
  mark: string;
  /** Its place in the order of writing. */
  number: number;
  isHidden: boolean;
}

interface WallOfLetters {
  beganAt: number;
  deadlineAt: number;
  /** Those that can be drawn, the oldest first. */
  order: WrittenLetter[];
  /** Of the newest. */
  number: number;
  byId: Map<LetterId, WrittenLetter>;
  /** A drifter → his letters, the oldest first. */
  byWriter: Map<DrifterId, WrittenLetter[]>;
}

/** `HoleStore` in this process; the contract is written there. */
export class MemoryHoleStore implements HoleStore {
  readonly #clock: Clock;
  #wall: WallOfLetters | null = null;
  /** Mark of a write → when it was, the oldest first. */
  readonly #records = new Map<string, number>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  #live(): WallOfLetters | null {
    return this.#wall && this.#wall.deadlineAt > this.#clock.now() ? this.#wall : null;
  }

  #reading(): HoleReading {
    const wall = this.#live();
    return {
      at: this.#clock.now(),
      wall: wall && {
        beganAt: wall.beganAt,
        deadlineAt: wall.deadlineAt,
        letters: wall.order.length,
      },
    };
  }

  #forgetRecords(): void {
    const oldest = this.#live()?.order[0]?.writtenAt ?? Infinity;
    const before = Math.min(this.#clock.now() - WRITE_RECORD_MS, oldest);
    for (const [mark, at] of this.#records) {
      if (at >= before) break;
      this.#records.delete(mark);
    }
  }

  async status(): Promise<HoleReading> {
    return this.#reading();
  }

  async write(
    letter: NewLetter,
    rules: HoleRules,
  ): Promise<{ outcome: "new" | "again"; reading: HoleReading }> {
    const now = this.#clock.now();
    this.#wall = this.#live();
    this.#forgetRecords();
    const { id, text, writer } = letter;
    const mark = writeMark(writer, letter.writeId);
    if (this.#records.has(mark)) return { outcome: "again", reading: this.#reading() };
    this.#records.set(mark, now);
    const wall = (this.#wall ??= newWall(now));
    wall.number += 1;
    const { number } = wall;
    const written: WrittenLetter = {
      id,
      text,
      writtenAt: now,
      writer,
      mark,
      number,
      isHidden: false,
    };
    wall.order.push(written);
    wall.byId.set(id, written);
    const his = wall.byWriter.get(writer) ?? [];
    his.push(written);
    wall.byWriter.set(writer, his);
    wall.deadlineAt = now + rules.silenceMs;
    if (his.length > rules.lettersAWriter) takeOut(wall, his[0]!);
    if (wall.order.length > rules.lettersKept) takeOut(wall, wall.order[0]!);
    for (const oldest of this.#records.keys()) {
      if (this.#records.size <= rules.recordsKept) break;
      this.#records.delete(oldest);
    }
    return { outcome: "new", reading: this.#reading() };
  }

  async draw(draw: number): Promise<StoredLetter | null> {
    const wall = this.#live();
    if (!wall || wall.order.length === 0) return null;
    const { id, text, writtenAt } = wall.order[Math.floor(draw * wall.order.length)]!;
    return { id, text, writtenAt };
  }

  async written(
    id: LetterId,
  ): Promise<{ text: string; writer: DrifterId; isHidden: boolean } | null> {
    const letter = this.#live()?.byId.get(id);
    if (!letter) return null;
    const { text, writer, isHidden } = letter;
    return { text, writer, isHidden };
  }

  async veil(id: LetterId, veil: Veil): Promise<HoleReading> {
    const wall = this.#live();
    const letter = wall?.byId.get(id);
    if (!wall || !letter) return this.#reading();
    if (veil === "remove") {
      takeOut(wall, letter);
      if (wall.byId.size === 0) this.#wall = null;
    } else if (veil === "hide" && !letter.isHidden) {
      wall.order.splice(wall.order.indexOf(letter), 1);
      letter.isHidden = true;
    } else if (veil === "restore" && letter.isHidden) {
      letter.isHidden = false;
      wall.order.push(letter);
      wall.order.sort((a, b) => a.number - b.number);
    }
    return this.#reading();
  }

  async erase(drifter: DrifterId): Promise<HoleReading> {
    const wall = this.#live();
    if (wall) {
      const his = wall.byWriter.get(drifter)?.slice() ?? [];
      for (const letter of his) {
        takeOut(wall, letter);
        this.#records.delete(letter.mark);
      }
      if (wall.byId.size === 0) this.#wall = null;
    }
    return this.#reading();
  }

  async tend(): Promise<"wiped" | "quiet"> {
    const hasEnded = this.#wall !== null && this.#live() === null;
    if (hasEnded) this.#wall = null;
    this.#forgetRecords();
    return hasEnded ? "wiped" : "quiet";
  }
}

function newWall(beganAt: number): WallOfLetters {
  return { beganAt, deadlineAt: 0, order: [], number: 0, byId: new Map(), byWriter: new Map() };
}

function takeOut(wall: WallOfLetters, letter: WrittenLetter): void {
  wall.byId.delete(letter.id);
  if (!letter.isHidden) wall.order.splice(wall.order.indexOf(letter), 1);
  const his = wall.byWriter.get(letter.writer)!;
  his.splice(his.indexOf(letter), 1);
  if (his.length === 0) wall.byWriter.delete(letter.writer);
}
