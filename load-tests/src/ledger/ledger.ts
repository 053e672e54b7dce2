import type { Fact, Violation, ViolationKind } from "./facts.ts";

/** Violations that are kept word by word; the others are counted. */
const KEPT = 1000;
/** Things that have come once and are remembered, so that a second coming is seen. */
const REMEMBERED = 2_000_000;

interface Held {
  by: string;
  from: number;
  to: number;
}

/**
 * Puts together what the processes of a run have seen, in whatever order it comes, and finds what was
 * lost, doubled, or given to somebody who must not have it.
 */
export class Ledger {
  readonly #violations: Violation[] = [];
  #count = 0;
  readonly #held = new Map<string, Held[]>();
  /** What was acknowledged and has not come. */
  readonly #owed = new Set<string>();
  /** What has come, and how often; in the order of coming. */
  readonly #came = new Map<string, number>();
  /** Who was told of a meeting, and who that it is over. */
  readonly #meets = new Map<string, { room: string; who: string[]; parted: string[] }>();

  tell(fact: Fact): void {
    if (fact.fact === "held") this.#hold(fact.bottle, fact);
    else if (fact.fact === "acknowledged") {
      if (!this.#came.has(fact.what)) this.#owed.add(fact.what);
    } else if (fact.fact === "arrived") this.#arrive(fact.what);
    else if (fact.fact === "met") this.#meet(fact.meet, fact.room, fact.who);
    else if (fact.fact === "parted") this.#part(fact.meet, fact.who);
    else this.#broken(fact.kind, fact.text);
  }

  /** What was acknowledged and has not arrived yet. */
  get owed(): number {
    return this.#owed.size;
  }

  /** How many invariants were broken so far. */
  get broken(): number {
    return this.#count;
  }

  /**
   * Once all has had its time to arrive. @param isInterrupted It had not: what is still to come is not lost.
   */
  audit(isInterrupted = false): { count: number; violations: Violation[] } {
    const violations = [...this.#violations];
    let count = this.#count;
    if (isInterrupted) return { count, violations };
    const add = (kind: ViolationKind, text: string): void => {
      count += 1;
      if (violations.length < KEPT) violations.push({ kind, text });
    };
    for (const what of this.#owed) add("lost", `${what} was acknowledged and never seen`);
    // Whoever ceases to seek in the instant in which he is found never knows; the other is told that he has gone.
    for (const [meet, { who, parted }] of this.#meets)
      if (who.length === 1 && !parted.includes(who[0]!))
        add("lost", `meeting ${meet}: ${who[0]} was told of it, nobody else`);
    return { count, violations };
  }

  /** Two who surely held it at one time: a lease was given twice. */
  #hold(bottle: string, held: Held): void {
    let all = this.#held.get(bottle);
    if (!all) this.#held.set(bottle, (all = []));
    for (const other of all)
      if (held.from < other.to && other.from < held.to)
        this.#broken(
          "double lease",
          `${held.by} and ${other.by} held bottle ${bottle} at one time`,
        );
    all.push({ by: held.by, from: held.from, to: held.to });
  }

  #arrive(what: string): void {
    const times = (this.#came.get(what) ?? 0) + 1;
    this.#came.set(what, times);
    this.#owed.delete(what);
    if (times > 1) this.#broken("duplicate", `${what} came ${times} times`);
    if (this.#came.size > REMEMBERED) this.#came.delete(this.#came.keys().next().value!);
  }

  #meet(meet: string, room: string, who: string): void {
    const known = this.#meets.get(meet);
    if (!known) {
      this.#meets.set(meet, { room, who: [who], parted: [] });
      return;
    }
    if (known.who.includes(who)) return;
    if (known.room !== room)
      this.#broken("lost", `meeting ${meet}: its two were sent to different rooms`);
    known.who.push(who);
    if (known.who.length > 2)
      this.#broken("duplicate", `meeting ${meet} was given to ${known.who.join(", ")}`);
  }

  #part(meet: string, who: string): void {
    this.#meets.get(meet)?.parted.push(who);
  }

  #broken(kind: ViolationKind, text: string): void {
    this.#count += 1;
    if (this.#violations.length < KEPT) this.#violations.push({ kind, text });
  }
}
