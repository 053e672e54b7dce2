import { expect } from "chai";
import { nanoid } from "nanoid";
import type { BottleId, DrifterId, SeaId, ThreadId, WriteId } from "@driftsea/protocol";
import { newPersona } from "../lib/personas.ts";
import type { BottleStore, NewBottle } from "./bottles.store.ts";

export interface StoreUnderTest {
  store: BottleStore;
  /** Moves the store's clock. */
  advance(ms: number): Promise<void>;
  now(): number;
}

export const MINUTE = 60_000;
export const HOUR = 60 * MINUTE;
const LEASE = { leaseMs: 10 * MINUTE, leaseMaxMs: HOUR };
const GRACE = MINUTE;
const sea = "world" as SeaId;

export const newDrifter = (): DrifterId => nanoid<DrifterId>();

/** Every implementation of `BottleStore` passes these; titles carry the rule's id. */
export function bottleStoreContract(create: () => Promise<StoreUnderTest>): void {
  let t: StoreUnderTest;
  const ann = newDrifter();
  const bo = newDrifter();
  beforeEach(async () => {
    t = await create();
  });

  const bottle = (more: Partial<NewBottle> = {}): NewBottle => ({
    id: nanoid<BottleId>(),
    owner: ann,
    text: "hello",
    kind: "plain",
    lifeMs: 24 * HOUR,
    finders: 1,
    ...more,
  });
  const thrown = async (more: Partial<NewBottle> = {}): Promise<BottleId> => {
    const b = bottle(more);
    expect(await t.store.throw(sea, b)).to.equal("new");
    return b.id;
  };
  const caught = async (catcher: DrifterId, blocked: DrifterId[] = [], draws = [0.1, 0.6, 0.3]) => {
    const request = { catcher, node: "n1", ...LEASE, persona: newPersona(), blocked, draws };
    return (await t.store.catch(sea, request)).result;
  };
  const answer = async (id: BottleId, holder: DrifterId, writeId = nanoid<WriteId>()) =>
    t.store.answer(sea, id, holder, {
      writeId,
      threadId: nanoid<ThreadId>(),
      persona: newPersona(),
      text: "an answer",
    });
  const stateOf = async (id: BottleId) => (await t.store.read(sea, id))?.state;

  it("[B1] a throw with the same id happens once", async () => {
    const b = bottle({ mood: "calm" });
    expect(await t.store.throw(sea, b)).to.equal("new");
    expect(await t.store.throw(sea, { ...b, text: "other" })).to.equal("again");
    expect(await t.store.read(sea, b.id)).to.include({
      text: "hello",
      mood: "calm",
      state: "afloat",
    });
    expect(await t.store.levels([sea])).to.deep.equal([{ afloat: 1, silences: 0, silentAt: null }]);
  });

  it("[B3] a sea without anything eligible is calm", async () => {
    expect(await caught(bo)).to.equal(null);
    await thrown();
    expect(await caught(ann)).to.equal(null);
  });

  it("[B4] finds the one eligible bottle behind many that are not, for any draw", async () => {
    for (let i = 0; i < 40; i += 1) await thrown({ owner: bo });
    const id = await thrown({ owner: ann });
    for (let i = 0; i < 40; i += 1) await thrown({ owner: bo });
    expect((await caught(bo, [], [0, 0, 0]))?.bottle.id).to.equal(id);
    expect(await caught(bo, [], [0.99, 0.99])).to.equal(null);
  });

  it("[B4] never gives what one held before, nor a blocked person's", async () => {
    const id = await thrown();
    expect((await caught(bo))?.bottle.id).to.equal(id);
    expect((await t.store.release(sea, id, bo)).result).to.equal(true);
    expect(await caught(bo)).to.equal(null);
    await thrown();
    expect(await caught(bo, [ann])).to.equal(null);
  });

  it("[B5] throwing back keeps the deadline and retires a bottle after 10 hands", async () => {
    const id = await thrown();
    const before = await t.store.read(sea, id);
    for (let hand = 1; hand <= 10; hand += 1) {
      await t.advance(MINUTE);
      const drifter = newDrifter();
      expect((await caught(drifter))?.lease.fence).to.equal(hand);
      const { outbox } = await t.store.release(sea, id, drifter);
      expect((await t.store.read(sea, id))?.expiresAt).to.equal(before?.expiresAt);
      expect(outbox.map((e) => e.kind)).to.deep.equal(hand < 10 ? [] : ["returned"]);
    }
    expect(await stateOf(id)).to.equal("expired");
    expect(await caught(newDrifter())).to.equal(null);
  });

  it("[B6] an answer is in the outbox until it is settled, and happens once", async () => {
    const id = await thrown();
    await caught(bo);
    const writeId = nanoid<WriteId>();
    const first = await answer(id, bo, writeId);
    expect(first?.entry).to.include({ kind: "answered", thrower: ann, finder: bo });
    expect((await answer(id, bo, writeId))?.threadId).to.equal(first?.threadId);
    expect(await answer(id, bo)).to.equal(null);
    expect(await t.store.outbox(sea)).to.have.length(1);
    await t.store.settled(sea, first!.entry!.key);
    expect(await t.store.outbox(sea)).to.have.length(0);
    const again = await answer(id, bo, writeId);
    expect(again).to.deep.equal({ threadId: first?.threadId, entry: null });
    expect(await stateOf(id)).to.equal("answered");
  });

  it("[B7] sealed until its date, then afloat with a whole life", async () => {
    const opensAt = t.now() + 2 * HOUR;
    const id = await thrown({ sealedUntilAt: opensAt, lifeMs: HOUR });
    expect(await stateOf(id)).to.equal("sealed");
    expect(await caught(bo)).to.equal(null);
    await t.advance(2 * HOUR);
    await t.store.sweep(sea, 100);
    expect((await caught(bo))?.bottle.expiresAt).to.equal(opensAt + HOUR);
  });

  it("[B7] several finders hold copies under one deadline", async () => {
    const id = await thrown({ finders: 2 });
    const cy = newDrifter();
    expect((await caught(bo))?.bottle.id).to.equal(id);
    expect(await stateOf(id)).to.equal("afloat");
    expect((await caught(cy))?.bottle.id).to.equal(id);
    expect(await caught(newDrifter())).to.equal(null);
    await answer(id, bo);
    expect(await stateOf(id)).to.equal("held");
    await answer(id, cy);
    const own = (await t.store.list(sea, ann)).own[0];
    expect(own).to.include({ state: "answered", hands: 2 });
    expect(own?.threadIds).to.have.length(2);
  });

  it("[B8] recall takes a bottle out of the sea and of every hand, and erases it", async () => {
    const id = await thrown();
    await caught(bo);
    expect((await t.store.recall(sea, id, bo)).result).to.equal(false);
    const { result, outbox } = await t.store.recall(sea, id, ann);
    expect(result).to.equal(true);
    expect(outbox).to.have.length(1);
    expect(outbox[0]).to.include({ kind: "ended", drifter: bo });
    expect(await t.store.read(sea, id)).to.include({ state: "recalled", text: "" });
    expect(await answer(id, bo)).to.equal(null);
    expect(await caught(newDrifter())).to.equal(null);
  });

  it("[B12] a lapsed lease puts the bottle back, and its answer is refused", async () => {
    const id = await thrown();
    const deadline = (await t.store.read(sea, id))?.expiresAt;
    await caught(bo);
    await t.advance(10 * MINUTE);
    expect(await answer(id, bo)).to.equal(null);
    const { outbox } = await t.store.sweep(sea, 100);
    expect(outbox.map((e) => e.kind)).to.deep.equal(["lapsed"]);
    expect(await t.store.read(sea, id)).to.include({ state: "afloat", expiresAt: deadline });
    expect((await caught(newDrifter()))?.lease.fence).to.equal(2);
  });

  it("[B12] composing renews a lease, to its longest end", async () => {
    const id = await thrown();
    await caught(bo);
    const start = t.now();
    for (let minute = 9; minute <= 54; minute += 9) {
      await t.advance(9 * MINUTE);
      const endsAt = await t.store.hold(sea, id, bo, { ...LEASE, node: "n1", graceMs: GRACE });
      expect(endsAt).to.equal(Math.min(start + (minute + 10) * MINUTE, start + HOUR));
    }
    await t.advance(6 * MINUTE);
    expect(await t.store.hold(sea, id, bo, { ...LEASE, node: "n1", graceMs: GRACE })).to.equal(
      null,
    );
  });

  it("[B12] a holder who stays away loses the lease; one who returns keeps it", async () => {
    const id = await thrown();
    await caught(bo);
    await t.store.setHolder(sea, bo, { node: "n1", isHere: false }, GRACE);
    await t.advance(GRACE - 1);
    await t.store.setHolder(sea, bo, { node: "n2", isHere: true }, GRACE);
    await t.advance(5 * MINUTE);
    await t.store.sweep(sea, 100);
    expect(await stateOf(id)).to.equal("held");
    // Whoever hears late that he has left a process, or that it has died, does not part him from it.
    await t.store.setHolder(sea, bo, { node: "n1", isHere: false }, GRACE);
    expect((await t.store.orphan(sea, "n1", t.now(), GRACE)).drifters).to.deep.equal([]);
    await t.advance(GRACE);
    await t.store.sweep(sea, 100);
    expect(await stateOf(id)).to.equal("held");
    expect((await t.store.orphan(sea, "n2", t.now(), GRACE)).drifters).to.deep.equal([bo]);
    await t.advance(GRACE);
    await t.store.sweep(sea, 100);
    expect(await stateOf(id)).to.equal("afloat");
  });

  it("[B12] a holder whose process was given up is parted from it by the next one's death as well", async () => {
    for (const next of ["n2", "n1"]) {
      const id = await thrown();
      await caught(bo);
      expect((await t.store.orphan(sea, "n1", t.now(), GRACE)).drifters).to.deep.equal([bo]);
      // He is at another one, or his has gone on all the same.
      await t.store.setHolder(sea, bo, { node: next, isHere: true }, GRACE);
      expect((await t.store.orphan(sea, next, t.now(), GRACE)).drifters, next).to.deep.equal([bo]);
      await t.advance(GRACE);
      await t.store.sweep(sea, 100);
      expect(await stateOf(id)).to.equal("afloat");
      await t.store.recall(sea, id, ann);
    }
  });

  it("[B12] a life ends on time in the sea, in a hand and out of sight", async () => {
    const afloat = await thrown({ lifeMs: HOUR });
    const hidden = await thrown({ lifeMs: HOUR });
    await t.store.hide(sea, hidden, true);
    expect((await caught(bo))?.bottle.id).to.equal(afloat);
    await t.advance(HOUR);
    expect(await caught(newDrifter())).to.equal(null);
    const { outbox } = await t.store.sweep(sea, 100);
    expect(outbox.map((e) => e.kind).sort()).to.include.members(["returned", "returned"]);
    expect(await stateOf(afloat)).to.equal("expired");
    expect(await stateOf(hidden)).to.equal("expired");
  });

  it("[B13] the last quarter of a life weighs four times as much", async () => {
    const old = await thrown({ lifeMs: 4 * HOUR });
    await t.advance(3 * HOUR);
    await t.store.sweep(sea, 100);
    await thrown({ lifeMs: 4 * HOUR });
    // The young bottle is a fifth of all weight, and its class comes first.
    expect((await caught(bo, [], [0.21, 0]))?.bottle.id).to.equal(old);
  });

  it("[F12] a sea that was noted is named until it is over, the latest that was noted", async () => {
    const [north, south] = ["north", "south"] as [SeaId, SeaId];
    expect(await t.store.used()).to.deep.equal([]);
    await t.store.use(north, t.now() + HOUR);
    await t.store.use(north, t.now() + MINUTE);
    await t.store.use(south, t.now() + MINUTE);
    expect((await t.store.used()).sort()).to.deep.equal([north, south]);
    await t.advance(2 * MINUTE);
    expect(await t.store.used()).to.deep.equal([north]);
    await t.advance(HOUR);
    expect(await t.store.used()).to.deep.equal([]);
  });

  it("[M1] hidden and restored under the original deadline", async () => {
    const id = await thrown();
    const deadline = (await t.store.read(sea, id))?.expiresAt;
    expect((await t.store.hide(sea, id, true)).result).to.equal(true);
    expect(await caught(bo)).to.equal(null);
    expect((await t.store.hide(sea, id, false)).result).to.equal(true);
    expect((await caught(bo))?.bottle.expiresAt).to.equal(deadline);
  });

  it("[M1] a moderator takes a bottle for good, hidden or held, whoever threw it", async () => {
    const [hidden, held] = [await thrown(), await thrown()];
    await t.store.hide(sea, hidden, true);
    await caught(bo);
    const { outbox } = await t.store.recall(sea, held, null);
    expect(outbox.map((entry) => entry.kind)).to.deep.equal(["ended"]);
    await t.store.recall(sea, hidden, null);
    for (const id of [hidden, held]) {
      expect(await t.store.read(sea, id)).to.include({ state: "recalled", text: "" });
      expect((await t.store.hide(sea, id, false)).result).to.equal(false);
    }
    expect((await t.store.recall(sea, "never" as BottleId, null)).result).to.equal(false);
  });

  describe("[R11] a sea with a silence", () => {
    const SILENCE = HOUR;
    const throwIn = async (more: Partial<NewBottle> = {}): Promise<BottleId> => {
      const b = bottle(more);
      await t.store.throw(sea, b, SILENCE);
      return b.id;
    };
    const sweepAll = async (): Promise<string[]> => {
      const told: string[] = [];
      for (;;) {
        const { result, outbox } = await t.store.sweep(sea, 2);
        told.push(...outbox.map((entry) => `${entry.kind} ${entry.bottleId}`));
        if (result === 0) return told;
      }
    };

    it("any throw begins it again; a moment before its end all is there", async () => {
      const first = await throwIn();
      await t.advance(SILENCE - 1);
      const second = await throwIn();
      const [level] = await t.store.levels([sea]);
      expect(level).to.deep.equal({ afloat: 2, silences: 0, silentAt: t.now() + SILENCE });
      await t.advance(SILENCE - 1);
      expect(await stateOf(first)).to.equal("afloat");
      expect(await stateOf(second)).to.equal("afloat");
      expect(await caught(bo)).to.not.equal(null);
    });

    it("at its end nothing is readable, before anything was swept; holders are told after", async () => {
      const [held, afloat, sealed] = [
        await throwIn(),
        await throwIn({ owner: newDrifter(), finders: 2 }),
        await throwIn({ sealedUntilAt: t.now() + 5 * HOUR }),
      ];
      const all = [held, afloat, sealed];
      const inHand = (await caught(bo))!.bottle.id;
      await t.advance(SILENCE);
      for (const id of all) {
        expect(await t.store.read(sea, id)).to.equal(null);
        expect(await t.store.locate([sea], id)).to.equal(null);
        expect(await t.store.hasSeen(sea, id, bo)).to.equal(false);
        expect((await t.store.recall(sea, id, ann)).result).to.equal(false);
        expect(await answer(id, bo)).to.equal(null);
        expect((await t.store.release(sea, id, bo)).result).to.equal(false);
        expect(await t.store.hold(sea, id, bo, { leaseMs: 1, node: "n1", graceMs: 1 })).to.equal(
          null,
        );
      }
      expect(await caught(newDrifter())).to.equal(null);
      expect(await t.store.list(sea, ann)).to.deep.equal({ own: [], held: [] });
      expect(await t.store.list(sea, bo)).to.deep.equal({ own: [], held: [] });
      expect(await t.store.levels([sea])).to.deep.equal([
        { afloat: 0, silences: 1, silentAt: null },
      ]);
      expect(await sweepAll()).to.deep.equal([`ended ${inHand}`]);
      expect(await sweepAll()).to.deep.equal([]);
    });

    it("what was answered before is still told; the sea after it is a new one", async () => {
      const old = await throwIn();
      await caught(bo);
      const writeId = nanoid<WriteId>();
      const answered = await answer(old, bo, writeId);
      await t.advance(SILENCE);
      const fresh = await throwIn({ id: old, text: "again" });
      expect((await t.store.outbox(sea)).map((entry) => entry.kind)).to.deep.equal(["answered"]);
      expect((await answer(old, bo, writeId))?.threadId).to.equal(answered!.threadId);
      expect((await t.store.read(sea, fresh))?.text).to.equal("again");
      // Whoever held the old one may have the new one: it is another.
      expect((await caught(bo))?.bottle.text).to.equal("again");
      await sweepAll();
      expect((await t.store.read(sea, fresh))?.state).to.equal("held");
      expect((await t.store.levels([sea]))[0]!.silences).to.equal(1);
    });

    it("a throw without one takes it away", async () => {
      await throwIn();
      await thrown();
      await t.advance(2 * SILENCE);
      expect((await t.store.levels([sea]))[0]).to.include({ afloat: 2, silentAt: null });
    });
  });

  it("[session:forget] erases what a drifter threw and gives back what he held", async () => {
    const mine = await thrown({ owner: bo });
    const hers = await thrown({ owner: ann });
    expect((await caught(bo))?.bottle.id).to.equal(hers);
    await t.store.erase(sea, bo);
    expect(await t.store.read(sea, mine)).to.equal(null);
    expect(await stateOf(hers)).to.equal("afloat");
    expect(await t.store.list(sea, bo)).to.deep.equal({ own: [], held: [] });
  });
}
