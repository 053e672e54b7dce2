import type { Clock } from "../lib/clock.ts";
import type { Context } from "../lib/connection-context.ts";
import { publicHalf, seal, unseal } from "../lib/sealed-box.ts";
import { FADE_MS } from "../penalties/penalties.service.ts";
import type { PenaltyService } from "../penalties/penalties.service.ts";
import { outcomeName, reporterMark } from "./safety.keys.ts";
import type { ItemName, SafetyStore } from "./safety.store.ts";

const HOUR_MS = 60 * 60 * 1000;
const DAY_HOURS = 24;
/** So many that were dismissed, and this many times as many as were upheld, close reporting for a while. */
const FALSE_FROM = 5;
const FALSE_TIMES = 3;
/** The last of five was made within so long: a penalty is remembered no shorter. */
const FALSE_WITHIN_HOURS = FADE_MS / HOUR_MS;

export interface ReporterParts {
  store: SafetyStore;
  penalties: Pick<PenaltyService, "penalise">;
  /** The store's. */
  clock: Clock;
}

/**
 * How what somebody reported was decided. It is sealed for his box, whose secret is his browser's: while
 * he reports he is known by it, and from the store alone nobody finds what he reported, or that he did.
 */
export class ReporterService {
  readonly #p: ReporterParts;

  constructor(parts: ReporterParts) {
    this.#p = parts;
  }

  /** With the one that he makes now. Who is wrong again and again is kept from reporting for a while (M3). */
  async standing({ drifter, mask, box }: Pick<Context, "drifter" | "mask" | "box">): Promise<{
    upheld: number;
    dismissed: number;
    lately: number;
  }> {
    const { store, penalties } = this.#p;
    const former = await store.former(reporterMark(mask));
    // What could not be carried through at once was remembered twice.
    const hours = new Map(
      former.map(({ sealed, hour }) => [unseal(box, sealed).toString("base64url"), hour]),
    );
    const outcomes = await store.outcomes([...hours.keys()]);
    const upheld = outcomes.filter((outcome) => outcome === "upheld").length;
    const wrong = [...hours.values()].filter((_, i) => outcomes[i] === "dismissed");
    const dismissed = wrong.length;
    // Once for each five of them: not again when it is forgotten that it was done. (Where an old one has been forgotten
    // too, after 90 d, one more may be the fifth a second time.)
    const fives = Math.floor(dismissed / FALSE_FROM);
    const fifth = wrong.sort((a, b) => a - b)[fives * FALSE_FROM - 1] ?? -Infinity;
    const isFresh = fifth > this.#hour() - FALSE_WITHIN_HOURS;
    if (isFresh && dismissed >= FALSE_TIMES * upheld) {
      const key = `reports:${fives}`;
      await penalties.penalise(drifter, key, { function: "report", reason: "false-reports" });
    }
    const from = this.#hour() - DAY_HOURS;
    return { upheld, dismissed, lately: 1 + former.filter(({ hour }) => hour > from).length };
  }

  async reported({ mask, box }: Pick<Context, "mask" | "box">, item: ItemName): Promise<void> {
    const name = Buffer.from(outcomeName(item), "base64url");
    const sealed = seal(publicHalf(box), name);
    await this.#p.store.remember(reporterMark(mask), { hour: this.#hour(), sealed });
  }

  async erase({ mask }: Pick<Context, "mask">): Promise<void> {
    await this.#p.store.forget(reporterMark(mask));
  }

  #hour(): number {
    return Math.floor(this.#p.clock.now() / HOUR_MS);
  }
}
