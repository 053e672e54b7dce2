import { expect } from "chai";
import type { CircleId, DrifterId, WriteId } from "@driftsea/protocol";
import { newOwner } from "../../test/harness/circle.ts";
import { quotasInMemory } from "../../test/harness/quotas.ts";
import { ManualClock } from "../lib/clock.ts";
import type { Context } from "../lib/connection-context.ts";
import { StoreUnavailable } from "../lib/errors.ts";
import type { Publisher } from "../lib/publisher.ts";
import { ALLOWANCES, QuotaService } from "../quotas/quotas.service.ts";
import { AskService } from "./asks.service.ts";
import { MemoryAskStore } from "./asks.store.memory.ts";

const HOUR = 60 * 60 * 1000;
const write = (n: number): WriteId => String(n).padStart(21, "w") as WriteId;

describe("the ask service", () => {
  const open = () => {
    const clock = new ManualClock(Date.now());
    const told: unknown[] = [];
    const publisher = {
      join: () => true,
      leave: () => {},
      toRoom: (place: string, event: string) => told.push([place, event]),
      here: {
        toRoom: (place: string, event: string) => told.push([place, event]),
        closeRoom: () => {},
      },
    } as unknown as Publisher;
    const quotaStore = quotasInMemory(clock);
    const limits = { ...ALLOWANCES, throws: 0, catches: 0 };
    const quotas = new QuotaService(quotaStore, clock, limits);
    const store = new MemoryAskStore(clock);
    const drifter = "ann" as DrifterId;
    const context: Context = {
      drifter,
      connection: "c",
      locale: "en",
      circle: "circle of ann" as CircleId,
      mask: "mask of ann",
      box: "box of ann",
      persona: { name: 0, creature: 0, hue: 0 },
    };
    const asks = new AskService({ store, quotas, publisher, clock });
    const owner = newOwner();
    const making = { id: write(0), ownerHash: owner.ownerHash, mutedWords: ["plum"] };
    return { asks, clock, context, drifter, making, owner, quotaStore, store, told };
  };

  it("[F10] owners are told once that something came, and not of what was muted or asked again", async () => {
    const { asks, context, making, owner, told } = open();
    const { box } = await asks.make(context, making);
    await asks.ask(context, { id: write(1), box, text: "a plum?" });
    await asks.tend();
    expect(told, "muted").to.deep.equal([]);
    for (const n of [2, 3]) await asks.ask(context, { id: write(n), box, text: "a pear?" });
    expect(told, "not at the instant").to.deep.equal([]);
    await asks.tend();
    expect(told).to.deep.equal([[owner.ownerHash, "ask:asked"]]);
    await asks.ask(context, { id: write(3), box, text: "a pear?" });
    await asks.tend();
    expect(told).to.have.length(1);
  });

  it("[F10] [M9] of what was asked without an answer they are told when it is asked again", async () => {
    const { asks, context, making, store, told } = open();
    const { box } = await asks.make(context, making);
    const put = store.ask.bind(store);
    store.ask = async (...what) => {
      await put(...what);
      throw new StoreUnavailable();
    };
    const question = { id: write(1), box, text: "a pear?" };
    const failure: unknown = await asks.ask(context, question).catch((error: unknown) => error);
    expect(failure).to.be.instanceOf(StoreUnavailable);
    store.ask = put;
    for (let i = 0; i < 2; i += 1) {
      await asks.ask(context, question);
      await asks.tend();
    }
    expect(told).to.have.length(1);
  });

  it("[F10] who has two boxes under one key is told of each", async () => {
    const { asks, context, making, told } = open();
    const boxes = [];
    for (const id of [write(0), write(1)])
      boxes.push((await asks.make(context, { ...making, id })).box);
    for (const [n, box] of boxes.entries())
      await asks.ask(context, { id: write(2 + n), box, text: "a pear?" });
    await asks.tend();
    expect(told).to.have.length(2);
  });

  it("[F10] a box that is found again costs nothing, whenever that is", async () => {
    const { asks, clock, context, drifter, making, quotaStore } = open();
    const { box } = await asks.make(context, making);
    expect((await quotaStore.usage(drifter, "boxes")).used).to.equal(1);
    clock.advance(25 * HOUR);
    expect((await asks.make(context, making)).box).to.equal(box);
    expect((await quotaStore.usage(drifter, "boxes")).used).to.equal(0);
  });

  it("[F10] the hour of the five questions begins with the first of them", async () => {
    const { asks, clock, context, making } = open();
    const { box } = await asks.make(context, making);
    const ask = (n: number) =>
      asks.ask(context, { id: write(n), box, text: "?" }).then(
        () => "kept",
        (error: { code: string; details: { retryAfterMs: number } }) =>
          `${error.code} ${error.details.retryAfterMs}`,
      );
    for (let n = 1; n <= 5; n += 1) {
      expect(await ask(n)).to.equal("kept");
      clock.advance(HOUR / 10);
    }
    expect(await ask(6)).to.equal(`quota_exceeded ${HOUR / 2}`);
    clock.advance(HOUR / 2);
    expect(await ask(6)).to.equal("kept");
  });
});
