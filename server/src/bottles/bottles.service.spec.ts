import { expect } from "chai";
import { nanoid } from "nanoid";
import { pino } from "pino";
import type { DrifterId, SeaId, WriteId } from "@driftsea/protocol";
import { readConfig } from "../config.ts";
import { ManualClock } from "../lib/clock.ts";
import { StoreUnavailable } from "../lib/errors.ts";
import { seededRandom } from "../lib/random.ts";
import { ALLOWANCES, QuotaService } from "../quotas/quotas.service.ts";
import { NoticeService } from "../sessions/notices.service.ts";
import { openStores } from "../stores.ts";
import { ThreadService } from "../threads/threads.service.ts";
import { alone } from "../nodes/nodes.ts";
import { SocketPublisher } from "../transport/publisher.ts";
import { BottleService } from "./bottles.service.ts";
import type { BottleParts } from "./bottles.service.ts";
import { Settlement } from "./bottles.settle.ts";
import { MemoryBottleStore } from "./bottles.store.memory.ts";
import { DEFAULT_SEAS, SeaCatalogue } from "./sea-catalogue.ts";

describe("catching", () => {
  it("[B3] a creature's share of 100 000 seeded draws is 0.2 ± 0.005, in a full and an empty sea", async function () {
    this.timeout(60_000);
    const { service, catcher, allowance } = await openSea("creatures");
    for (const isFull of [false, true]) {
      if (isFull) {
        for (let i = 0; i < 200; i += 1) {
          const thrower = nanoid<DrifterId>();
          await service.throw(thrower, { id: nanoid<WriteId>(), text: "x" });
        }
      }
      const outcomes = { bottle: 0, creature: 0, calm: 0 };
      for (let draws = 0; draws < 100_000; draws += 1) {
        const before = await allowance(catcher);
        const caught = await service.catch(catcher, undefined);
        outcomes[caught.outcome] += 1;
        // Calm alone costs nothing.
        expect(before - caught.quota.left).to.equal(caught.outcome === "calm" ? 0 : 1);
      }
      expect(outcomes.creature / 100_000).to.be.within(0.195, 0.205);
      // Each bottle once; then the sea is calm for him.
      expect(outcomes.bottle).to.equal(isFull ? 200 : 0);
    }
  });

  it("[B4] a block that falls between the question and the catch: calm, free, and it drifts on", async () => {
    const blocked = new Map<DrifterId, DrifterId[]>();
    const { service, store, catcher, allowance } = await openSea("block", {
      creatureProbability: 0,
      blockedOf: (drifter) => Promise.resolve(blocked.get(drifter) ?? []),
    });
    const [thrower, other] = [nanoid<DrifterId>(), nanoid<DrifterId>()];
    const thrown = await service.throw(thrower, { id: nanoid<WriteId>(), text: "x" });
    const before = await allowance(catcher);
    const caught = store.catch.bind(store);
    store.catch = async (...args) => {
      const answer = await caught(...args);
      expect(answer.result?.bottle.id).to.equal(thrown.bottle.id);
      blocked.set(catcher, [thrower]);
      return answer;
    };
    const outcome = await service.catch(catcher, undefined);
    expect(outcome).to.include({ outcome: "calm" });
    expect(outcome.quota.left).to.equal(before);
    expect(await allowance(catcher)).to.equal(before);
    expect((await service.mine(catcher)).held).to.deep.equal([]);
    store.catch = caught;
    expect(await service.catch(catcher, undefined)).to.include({ outcome: "calm" });
    expect(await service.catch(other, undefined)).to.include({ outcome: "bottle" });
  });

  it("[B7] [M9] a sealed bottle that is thrown again when its time has come is the same bottle", async () => {
    const { service, clock } = await openSea("sealed", { creatureProbability: 0 });
    const thrower = nanoid<DrifterId>();
    const input = { id: nanoid<WriteId>(), text: "x", sealedUntilAt: clock.now() + 1000 };
    const { bottle } = await service.throw(thrower, input);
    clock.advance(2000);
    expect((await service.throw(thrower, input)).bottle.id).to.equal(bottle.id);
    const late = await service
      .throw(thrower, { ...input, id: nanoid<WriteId>() })
      .catch((error: { code: string }) => error.code);
    expect(late).to.equal("invalid");
  });

  it("[B2] [B4] a catch that fails after the draw costs nothing, and leaves nothing in the hand", async () => {
    let asked = 0;
    const { service, store, catcher, allowance } = await openSea("late failure", {
      creatureProbability: 0,
      blockedOf: async () => {
        asked += 1;
        if (asked === 2) throw new Error("the list cannot be read");
        return [];
      },
    });
    const { bottle } = await service.throw(nanoid<DrifterId>(), {
      id: nanoid<WriteId>(),
      text: "x",
    });
    const before = await allowance(catcher);
    const error: unknown = await service.catch(catcher, undefined).catch((e) => e);
    expect(error).to.be.instanceOf(Error);
    expect(await allowance(catcher)).to.equal(before);
    expect((await service.mine(catcher)).held).to.deep.equal([]);
    expect((await store.read("world" as SeaId, bottle.id))?.state).to.equal("afloat");
  });

  it("[B12] who hangs up while he catches, or renews, is noted as gone all the same", async () => {
    const here = new Set<DrifterId>();
    const told: string[] = [];
    const { service, store, clock, catcher } = await openSea("hung up", {
      creatureProbability: 0,
      isHere: (drifter) => here.has(drifter),
      nodes: { tell: async (name, kind) => void told.push(`${kind} ${name}`) },
    });
    const sea = "world" as SeaId;
    const { bottle } = await service.throw(nanoid<DrifterId>(), {
      id: nanoid<WriteId>(),
      text: "x",
    });
    const other = nanoid<DrifterId>();
    for (const [who, act] of [
      [catcher, async () => {}],
      [other, () => service.hold(other, bottle.id)],
    ] as const) {
      if (who === other) here.add(other);
      expect(await service.catch(who, undefined)).to.include({ outcome: "bottle" });
      here.delete(who);
      await act();
      expect(told.splice(0), "to whom it is his, where he is by now").to.deep.equal([
        `departed ${who}`,
      ]);
      clock.advance(59_000);
      await store.sweep(sea, 100);
      expect((await store.read(sea, bottle.id))?.state).to.equal("held");
      clock.advance(1000);
      await store.sweep(sea, 100);
      expect((await store.read(sea, bottle.id))?.state).to.equal("afloat");
    }
  });

  it("a lease that ends with the bottle does not tell to the instant when it was thrown", async () => {
    const { service, store, clock, catcher } = await openSea("short", { creatureProbability: 0 });
    const thrower = nanoid<DrifterId>();
    clock.advance(1234);
    const { bottle } = await service.throw(thrower, {
      id: nanoid<WriteId>(),
      text: "x",
      lifetimeMs: 3_600_000,
    });
    clock.advance(3_300_000);
    const caught = await service.catch(catcher, undefined);
    const stored = await store.read("world" as SeaId, bottle.id);
    const { held } = await service.mine(catcher);
    const told = [
      caught.outcome === "bottle" && caught.leaseEndsAt,
      await service.hold(catcher, bottle.id),
      held[0]?.leaseEndsAt,
    ];
    const minute = Math.ceil(stored!.expiresAt / 60_000) * 60_000;
    expect(minute).to.not.equal(stored!.expiresAt);
    expect(told).to.deep.equal([minute, minute, minute]);
  });
});

describe("the sea of a place", () => {
  const north = { id: "north" as SeaId, title: { en: "North", zh: "北" } };

  it("[F12] is looked after from the first bottle on, also by a process that comes later", async () => {
    const { service, store, catcher: thrower } = await openSea("used");
    const catalogue = (): SeaCatalogue => new SeaCatalogue(store, DEFAULT_SEAS, [north]);
    const before = catalogue();
    await before.refresh();
    expect(before.ids).to.deep.equal(DEFAULT_SEAS.map(({ id }) => id));
    expect(before.has(north.id)).to.equal(true);
    const input = { id: nanoid<WriteId>(), text: "north", sea: north.id };
    const { bottle } = await service.throw(thrower, input);
    expect((await service.mine(thrower)).bottles).to.have.length(1);
    const later = catalogue();
    expect(await later.locate(thrower, bottle.id)).to.equal(later.ids[0]);
    await later.refresh();
    expect(later.ids).to.include(north.id);
    expect(await later.locate(thrower, bottle.id)).to.equal(north.id);
    // A place that is not in the list any more has no sea.
    const without = new SeaCatalogue(store, DEFAULT_SEAS);
    await without.refresh();
    expect(without.ids).to.not.include(north.id);
  });

  it("[B2] a write id that paid for something else, or for a throw into another sea, pays for no bottle", async () => {
    const { service, quotas, catcher: thrower } = await openSea("paid");
    const spent = async () => 1e9 - (await quotas.quotas(thrower)).throws.left;
    const [one, other] = [nanoid<WriteId>(), nanoid<WriteId>()];
    await quotas.spendOnce(thrower, "photos", one, () => Promise.resolve());
    await service.throw(thrower, { id: one, text: "so" });
    expect(await spent()).to.equal(1);
    const seas = DEFAULT_SEAS.map(({ id }) => id);
    const throws = [...seas, ...seas].map((sea) =>
      service.throw(thrower, { id: other, text: "so", sea }),
    );
    const thrown = await Promise.all(throws);
    expect(thrown.map(({ bottle }) => bottle.sea)).to.deep.equal([...seas, ...seas]);
    expect(await spent(), "and a repetition costs nothing").to.equal(1 + seas.length);
    expect((await service.mine(thrower)).bottles).to.have.length(1 + seas.length);
  });

  it("[F12] a throw that was cut off and is repeated is one bottle, wherever its sea is by then", async () => {
    const { service, store, quotas, catcher: thrower } = await openSea("cut off");
    const input = { id: nanoid<WriteId>(), text: "once", sea: "north" as SeaId };
    const read = store.read.bind(store);
    let isCutOff = true;
    store.read = async (...args) => {
      const found = await read(...args);
      // Written, and not answered.
      if (isCutOff && found) throw new StoreUnavailable();
      return found;
    };
    const error: unknown = await service.throw(thrower, input, "world" as SeaId).catch((e) => e);
    expect(error).to.be.instanceOf(StoreUnavailable);
    isCutOff = false;
    const { bottle } = await service.throw(thrower, input, input.sea);
    expect(bottle.sea).to.equal("world");
    expect((await service.mine(thrower)).bottles).to.have.length(1);
    expect(1e9 - (await quotas.quotas(thrower)).throws.left, "paid once").to.equal(1);
  });
});

/** A service on real parts in memory, without the limits of a day. */
async function openSea(
  seed: string,
  {
    creatureProbability = 0.2,
    blockedOf = () => Promise.resolve([]),
    isHere = () => true,
    nodes = alone,
  }: {
    creatureProbability?: number;
    blockedOf?: BottleParts["blockedOf"];
    isHere?: BottleParts["isHere"];
    nodes?: BottleParts["nodes"];
  } = {},
) {
  const logger = pino({ level: "silent" });
  const stores = await openStores(readConfig({}), logger, "");
  const clock = new ManualClock(Date.UTC(2026, 0, 1));
  const store = new MemoryBottleStore(clock);
  const publisher = new SocketPublisher(alone);
  const notices = new NoticeService({
    store: stores.sessions,
    publisher,
    onUnsettled: (error) => {
      throw error;
    },
  });
  const threads = new ThreadService(stores.threads, publisher, notices);
  const quotas = new QuotaService(stores.quotas, clock, {
    ...ALLOWANCES,
    throws: 1e9,
    catches: 1e9,
  });
  const service = new BottleService({
    store,
    seas: new SeaCatalogue(store, DEFAULT_SEAS, [
      { id: "north" as SeaId, title: { en: "North", zh: "北" } },
    ]),
    quotas,
    threads,
    settlement: new Settlement(store, threads, quotas, notices),
    blockedOf,
    isHere,
    nodes,
    clock,
    rng: seededRandom(seed),
    node: "n",
    rules: {
      lifeMs: 86_400_000,
      leaseMs: 600_000,
      leaseMaxMs: 3_600_000,
      holderGraceMs: 60_000,
      creatureProbability,
      seaSilenceMs: 0,
    },
    onUnsettled: (error) => {
      throw error as Error;
    },
  });
  return {
    service,
    store,
    clock,
    quotas,
    catcher: nanoid<DrifterId>(),
    allowance: async (drifter: DrifterId) => (await quotas.quotas(drifter)).catches.left,
  };
}
