import type { Screened, Screener } from "@driftsea/protocol/screening";
import { Recent } from "../lib/recent.ts";
import { Slices } from "../lib/slices.ts";

/** Members of what is answered that hold words of people. */
const WORDS = ["text", "question", "answer"] as const;
/** Texts of which is remembered whether they are of crisis. */
const KEPT = 50_000;
const DEPTH = 5;

type Worded = Record<string, unknown>;

/**
 * Says of what people read whether there are words of crisis in it (M6). Found out when it is read, so that
 * nothing of it is stored beside what somebody wrote, and a new list counts for what is there already.
 */
export class Care {
  /** As it is now. */
  readonly #current: () => Pick<Screener, "screen">;
  /** By a number that follows from the text: no text outlives here where it stood. */
  readonly #known = new Recent<number, boolean>(KEPT);
  readonly #seed = Math.floor(Math.random() * 2 ** 32);
  /** By which that was found out. */
  #screener: Pick<Screener, "screen">;

  constructor(current: () => Pick<Screener, "screen">) {
    this.#current = current;
    this.#screener = current();
  }

  of(text: string): boolean {
    this.#lookWhetherListsChanged();
    return this.#known.get(numberOf(text, this.#seed)) ?? this.screen(text).care;
  }

  /** By the lists as they are now; what a text is of is known from then on, and it is read at once by many. */
  screen(text: string): Screened {
    this.#lookWhetherListsChanged();
    const screened = this.#screener.screen(text);
    this.#known.set(numberOf(text, this.#seed), screened.care);
    return screened;
  }

  #lookWhetherListsChanged(): void {
    const screener = this.#current();
    if (screener !== this.#screener) this.#known.clear();
    this.#screener = screener;
  }

  /** Puts `care: true` beside each text of crisis in what is to be answered; a long answer takes a while. */
  mark(answer: object): Promise<void> | undefined {
    if (isWordless(answer)) return undefined;
    const slices = new Slices();
    const worded = wordedIn(answer);
    for (const [i, one] of worded.entries()) {
      this.#markOne(one);
      if (slices.isOver()) return this.#markOn(worded.slice(i + 1), slices);
    }
    return undefined;
  }

  async #markOn(worded: readonly Worded[], slices: Slices): Promise<void> {
    await slices.rest();
    for (const one of worded) {
      this.#markOne(one);
      if (slices.isOver()) await slices.rest();
    }
  }

  /** The same of an event, which holds little. */
  markNow(event: object): void {
    for (const one of wordedIn(event)) this.#markOne(one);
  }

  #markOne(worded: Worded): void {
    if (WORDS.some((name) => typeof worded[name] === "string" && this.of(worded[name])))
      worded["care"] = true;
  }
}

/** Whether it is numbers and the like alone, as what most writes are answered. */
function isWordless(value: object): boolean {
  for (const member of Object.values(value))
    if (typeof member === "string" || (typeof member === "object" && member !== null)) return false;
  return true;
}

/** Every object in it that holds words; not looked into deeper than answers are. */
function wordedIn(value: object, into: Worded[] = [], depth = 0): Worded[] {
  if (depth > DEPTH || ArrayBuffer.isView(value)) return into;
  const members = value as Worded;
  if (!Array.isArray(value) && WORDS.some((name) => typeof members[name] === "string"))
    into.push(members);
  for (const name in members) {
    const member = members[name];
    if (typeof member === "object" && member !== null) wordedIn(member, into, depth + 1);
  }
  return into;
}

/** cyrb53: 53 bits, not for secrets. */
function numberOf(text: string, seed: number): number {
  let a = 0xdeadbeef ^ seed;
  let b = 0x41c6ce57 ^ seed;
  for (let i = 0; i < text.length; i += 1) {
    const unit = text.charCodeAt(i);
    a = Math.imul(a ^ unit, 2654435761);
    b = Math.imul(b ^ unit, 1597334677);
  }
  a = Math.imul(a ^ (a >>> 16), 2246822507) ^ Math.imul(b ^ (b >>> 13), 3266489909);
  b = Math.imul(b ^ (b >>> 16), 2246822507) ^ Math.imul(a ^ (a >>> 13), 3266489909);
  return 4294967296 * (2097151 & b) + (a >>> 0);
}
