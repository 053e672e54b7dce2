import { expect } from "chai";
import type { DrifterId, WriteId } from "@driftsea/protocol";
import type { TimedStore } from "../../test/harness/each-store.ts";
import { below, seededRandom } from "../lib/random.ts";
import { WRITE_RECORD_MS } from "../lib/write-record.ts";
import type { HoleReading, HoleStore } from "./hole.store.ts";

const HOUR = 60 * 60 * 1000;
const drifters = ["a", "b", "c", "d"].map((name) => name as DrifterId);
/** Some walls end before the records of their letters, some long after. */
const SILENCES = [2 * HOUR, 24 * HOUR, 60 * HOUR];
/** Few letters, so that a writer's oldest and the oldest of all give way. */
const KEPT = { lettersKept: 7, lettersAWriter: 3, recordsKept: 1000 };

/**
 * Runs one seeded schedule of letters, readings, erasures and silences, checks R11 on the way, and
 * returns what the store answered: two stores give the same list for the same seed.
 */
export async function runSchedule(
  t: TimedStore<HoleStore>,
  seed: string,
  steps: number,
): Promise<unknown[]> {
  const rng = seededRandom(seed);
  const start = t.now();
  const pick = <T>(items: readonly T[]): T => items[below(rng, items.length)]!;
  const rules = { ...KEPT, silenceMs: pick(SILENCES) };
  const writes: { writer: DrifterId; writeId: WriteId }[] = [];
  /** Write id → when it wrote; of those whose writer was not forgotten since. */
  const writtenAt = new Map<WriteId, number>();
  let deadline = -Infinity;
  const log: unknown[] = [];
  const note = (what: string, { at, wall }: HoleReading): void => {
    expect(at, `${seed}: its clock`).to.equal(t.now());
    if (wall) {
      expect(wall.deadlineAt, `${seed}: deadline`).to.equal(deadline);
      expect(deadline, `${seed}: read after the end`).to.be.greaterThan(at);
      expect(wall.letters, `${seed}: letters kept`).to.be.within(
        0,
        drifters.length * KEPT.lettersAWriter,
      );
    }
    log.push([what, wall && [wall.beganAt - start, wall.deadlineAt - start, wall.letters]]);
  };
  for (let step = 0; step < steps; step += 1) {
    const roll = rng.uniform();
    if (roll < 0.45) {
      const isRepeated = roll >= 0.33 && writes.length > 0;
      const write = isRepeated
        ? pick(writes)
        : { writer: pick(drifters), writeId: `w${step}` as WriteId };
      if (!isRepeated) writes.push(write);
      const letter = { ...write, id: `letter-${step}`, text: `"${step}" / é 海 | <b>` };
      const before = writtenAt.get(write.writeId) ?? -Infinity;
      const { outcome, reading } = await t.store.write(letter, rules);
      if (t.now() - before < WRITE_RECORD_MS) expect(outcome, `${seed}: twice`).to.equal("again");
      if (outcome === "new") {
        deadline = t.now() + rules.silenceMs;
        writtenAt.set(write.writeId, t.now());
      }
      note(outcome, reading);
    } else if (roll < 0.7) {
      const letter = await t.store.draw(rng.uniform());
      if (letter) expect(deadline, `${seed}: drawn after the end`).to.be.greaterThan(t.now());
      log.push(["draw", letter && { ...letter, writtenAt: letter.writtenAt - start }]);
    } else if (roll < 0.8) {
      const id = `letter-${below(rng, step + 1)}`;
      log.push(["written", id, await t.store.written(id)]);
    } else if (roll < 0.84) {
      const writer = pick(drifters);
      note("erase", await t.store.erase(writer));
      for (const write of writes) if (write.writer === writer) writtenAt.delete(write.writeId);
    } else if (roll < 0.9) {
      const id = `letter-${below(rng, step + 1)}`;
      const veil = pick(["hide", "hide", "restore", "restore", "remove"] as const);
      note(veil, await t.store.veil(id, veil));
    } else {
      await t.advance(below(rng, rules.silenceMs * (rng.uniform() < 0.2 ? 1.3 : 0.3)));
      if (rng.uniform() < 0.5) {
        const answers = await Promise.all([t.store.tend(), t.store.tend(), t.store.tend()]);
        const wiped = answers.filter((answer) => answer === "wiped").length;
        expect(wiped, `${seed}: wiped twice`).to.be.at.most(1);
        log.push(["tend", wiped]);
      }
      note("status", await t.store.status());
    }
  }
  return log;
}
