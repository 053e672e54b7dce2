import { createHash, randomBytes } from "node:crypto";
import { nanoid } from "nanoid";
import type { Clock } from "../lib/clock.ts";
import {
  CLAIM_MS,
  HELD_MS,
  KEY_MS,
  NEAR_BANDS,
  NEAR_CAP,
  NEAR_PARTS,
  NEAR_PART_MS,
  NOTE_CHARS,
} from "./screening.store.ts";
import type { HeldMark, HeldState, ScreeningStore } from "./screening.store.ts";

interface Part {
  /** Band → names of texts. */
  bands: Map<string, string[]>;
  texts: Map<string, { mark: string; others: number }>;
}

/** `ScreeningStore` in this process; the contract is written there. */
export class MemoryScreeningStore implements ScreeningStore {
  readonly #clock: Clock;
  readonly #parts = new Map<number, Part>();
  readonly #held = new Map<HeldMark, { state: HeldState; until: number }>();
  #key = { value: "", until: -Infinity };

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  async key(): Promise<string> {
    const now = this.#clock.now();
    if (this.#key.until <= now)
      this.#key = { value: randomBytes(32).toString("base64url"), until: now + KEY_MS };
    return this.#key.value;
  }

  async note(bands: readonly string[], writer: string, isKept = true): Promise<number> {
    const current = Math.floor(this.#clock.now() / NEAR_PART_MS);
    const shared = new Map<string, { count: number; mark: string; others: number }>();
    for (let number = current; number > current - NEAR_PARTS; number -= 1) {
      const part = this.#parts.get(number);
      for (const band of bands)
        for (const name of part?.bands.get(band) ?? []) {
          const seen = shared.get(name) ?? { count: 0, ...part!.texts.get(name)! };
          seen.count += 1;
          shared.set(name, seen);
        }
    }
    let others = 0;
    let hasOwn = false;
    for (const [name, { count, mark, others: before }] of shared) {
      if (count < NEAR_BANDS) continue;
      if (mark === markOf(writer, name)) {
        if (count === bands.length) return before;
        hasOwn = true;
      } else {
        others += 1;
      }
    }
    if (!hasOwn && isKept) this.#write(current, bands, writer, others);
    return others;
  }

  #write(current: number, bands: readonly string[], writer: string, others: number): void {
    const part: Part = this.#parts.get(current) ?? { bands: new Map(), texts: new Map() };
    this.#parts.set(current, part);
    const name = nanoid(NOTE_CHARS);
    for (const band of bands) {
      const names = part.bands.get(band) ?? [];
      if (names.length >= NEAR_CAP) continue;
      part.bands.set(band, [...names, name]);
      part.texts.set(name, { mark: markOf(writer, name), others });
    }
  }

  async claim(mark: HeldMark): Promise<HeldState | "new"> {
    const state = this.#stateOf(mark);
    if (state !== null) return state;
    this.#held.set(mark, { state: "waiting", until: this.#clock.now() + CLAIM_MS });
    return "new";
  }

  async stateOf(mark: HeldMark): Promise<HeldState | null> {
    return this.#stateOf(mark);
  }

  #stateOf(mark: HeldMark): HeldState | null {
    const held = this.#held.get(mark);
    return held && held.until > this.#clock.now() ? held.state : null;
  }

  async waits(mark: HeldMark): Promise<void> {
    const held = this.#held.get(mark);
    if (held) held.until = this.#clock.now() + HELD_MS;
  }

  async decide(mark: HeldMark, state: Exclude<HeldState, "waiting">): Promise<void> {
    this.#held.set(mark, { state, until: this.#clock.now() + HELD_MS });
  }

  sweep(): void {
    const now = this.#clock.now();
    const oldest = Math.floor(now / NEAR_PART_MS) - NEAR_PARTS;
    for (const number of this.#parts.keys()) if (number <= oldest) this.#parts.delete(number);
    for (const [mark, { until }] of this.#held) if (until <= now) this.#held.delete(mark);
  }
}

const markOf = (writer: string, name: string): string =>
  createHash("sha1").update(`${writer}|${name}`).digest("hex").slice(0, 16);
