import { expect } from "chai";
import type { OwnerHash, QuestionId } from "@driftsea/protocol";
import type { TimedStore } from "../../test/harness/each-store.ts";
import { below, seededRandom } from "../lib/random.ts";
import { ANSWERS_KEPT, BOX_LIFE_MS, DAY_MS, WAITING_KEPT, WINDOW_MS } from "./asks.store.ts";
import type { AskStore, BoxHash } from "./asks.store.ts";

const boxes = ["one", "two"].map((name) => name as BoxHash);
const ownerOf = (box: BoxHash): OwnerHash => `owner of ${box}` as OwnerHash;

/**
 * Runs one seeded schedule of boxes, questions and answers, checks F10 on the way, and returns what
 * the store answered: two stores give the same list for the same seed.
 */
export async function runSchedule(
  t: TimedStore<AskStore>,
  seed: string,
  steps: number,
): Promise<unknown[]> {
  const rng = seededRandom(seed);
  const pick = <T>(items: readonly T[]): T => items[below(rng, items.length)]!;
  const asked: { id: QuestionId; mark: string; box: BoxHash }[] = [];
  /** Questions that were muted, dropped, or whose box was closed: none is ever seen again. */
  const unseen = new Set<QuestionId>();
  const log: unknown[] = [];
  for (let step = 0; step < steps; step += 1) {
    const roll = rng.uniform();
    const box = pick(boxes);
    const isForged = rng.uniform() < 0.15;
    const owner = isForged ? ("forged" as OwnerHash) : ownerOf(box);
    const known = asked.length === 0 ? null : pick(asked.slice(-12));
    const id = known?.id ?? ("none" as QuestionId);
    if (roll < 0.1) {
      const made = await t.store.make(box, { ownerHash: ownerOf(box), mutedWords: [`w${step}`] });
      log.push(["make", made]);
    } else if (roll < 0.45) {
      const isRepeated = known !== null && rng.uniform() < 0.2;
      const question = isRepeated
        ? { id: `again-${step}` as QuestionId, mark: known.mark }
        : { id: `q${below(rng, 1e6)}-${step}` as QuestionId, mark: `m${step}` };
      const isMuted = rng.uniform() < 0.2;
      const where = isRepeated ? known.box : box;
      const text = `"${step}" / é 海\n\\`;
      const outcome = await t.store.ask(where, { ...question, text, isMuted });
      if (outcome === "muted") unseen.add(question.id);
      if (outcome === "kept") asked.push({ ...question, box: where });
      log.push(["ask", outcome]);
    } else if (roll < 0.62) {
      const where = known?.box ?? box;
      const by = isForged ? owner : ownerOf(where);
      const mark = `a${below(rng, 3)}`;
      const given = await t.store.answer(where, by, { id, text: `answer ${step}`, mark });
      if (isForged) expect(given.outcome, `${seed}: by a forged key`).to.equal("gone");
      if (unseen.has(id)) expect(given.outcome, `${seed}: what is gone`).to.equal("gone");
      log.push(["answer", given]);
    } else if (roll < 0.7) {
      const where = known?.box ?? box;
      const by = isForged ? owner : ownerOf(where);
      const dropped = await t.store.drop(where, by, id);
      if (dropped !== "gone") unseen.add(id);
      log.push(["drop", dropped]);
    } else if (roll < 0.78) {
      const isOn = rng.uniform() < 0.7;
      log.push(["set", await t.store.set(box, owner, isOn ? { isOn } : { isOn, mutedWords: [] })]);
    } else if (roll < 0.8) {
      const isClosed = await t.store.close(box, owner);
      if (isForged) expect(isClosed, `${seed}: by a forged key`).to.equal(false);
      if (isClosed) for (const one of asked) if (one.box === box) unseen.add(one.id);
      log.push(["close", isClosed]);
    } else if (roll < 0.88) {
      log.push(["questions", await t.store.questions(box, owner)]);
    } else {
      const most = rng.uniform() < 0.1 ? BOX_LIFE_MS * 1.2 : 3 * WINDOW_MS;
      await t.advance(below(rng, most));
      t.store.sweep?.();
    }
    const page = await t.store.read(box, { before: null, limit: 1000 });
    log.push(page);
    if (!page) continue;
    expect(page.box.endsAt, `${seed}: read after its end`).to.be.greaterThan(t.now());
    expect(page.box.endsAt % DAY_MS, `${seed}: a day's end`).to.equal(0);
    expect(page.answers.length).to.be.at.most(ANSWERS_KEPT);
    const first = await t.store.read(box, { before: null, limit: 2 });
    const before = first!.answers.at(-1)?.order ?? 0;
    const rest = await t.store.read(box, { before, limit: 1000 });
    expect([...first!.answers, ...rest!.answers], `${seed}: by pages`).to.deep.equal(page.answers);
    for (const one of page.answers) {
      expect(one.at % WINDOW_MS, `${seed}: a window`).to.equal(0);
      expect(unseen.has(one.id), `${seed}: ${one.id} is gone`).to.equal(false);
    }
    if (rng.uniform() < 0.3) {
      const waiting = (await t.store.questions(box, ownerOf(box)))!.questions;
      expect(waiting.length).to.be.at.most(WAITING_KEPT);
      const shown = new Set(page.answers.map((one) => one.id));
      for (const one of waiting) {
        expect(shown.has(one.id), `${seed}: waits and is answered`).to.equal(false);
        expect(unseen.has(one.id), `${seed}: ${one.id} waits`).to.equal(false);
      }
      log.push(waiting);
    }
  }
  return log;
}
