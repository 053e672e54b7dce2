import { expect } from "chai";
import type { DrifterId, WriteId } from "@driftsea/protocol";
import { ManualClock } from "../lib/clock.ts";
import { StoreUnavailable } from "../lib/errors.ts";
import { QuotaService, NO_BOUND } from "./quotas.service.ts";
import { MemoryQuotaStore } from "./quotas.store.memory.ts";
import type { QuotaStore } from "./quotas.store.ts";

const ANN = "ann" as DrifterId;

describe("quotas while the store is away", () => {
  it("[B2] a call that failed is answered without waiting for its refund, which comes later", async () => {
    const clock = new ManualClock(1_000_000);
    const memory = new MemoryQuotaStore(clock);
    const refund = memory.refund.bind(memory);
    let isAway = true;
    let fail: (error: Error) => void = () => {};
    const asked = new Promise<void>((done, reject) => {
      fail = reject;
      void done;
    });
    asked.catch(() => {});
    // A store that hangs: what is asked of it ends with its deadline, and that has not come.
    const store: QuotaStore = Object.assign(memory, {
      refund: (...args: Parameters<QuotaStore["refund"]>) => (isAway ? asked : refund(...args)),
    });
    const quotas = new QuotaService(store, clock, {
      ...NO_BOUND,
      throws: 10,
      catches: 20,
      secrets: 3,
    });
    const taken = await quotas.take(ANN, "throws");
    await quotas.undo(new StoreUnavailable(), ANN, "throws", taken);
    const work = () => Promise.reject(new StoreUnavailable());
    const failed = await quotas.spend(ANN, "secrets", work, () => true).catch((e: unknown) => e);
    expect(failed).to.be.instanceOf(StoreUnavailable);
    expect((await quotas.quotas(ANN)).throws.left).to.equal(9);
    fail(new StoreUnavailable());
    isAway = false;
    await new Promise((done) => setImmediate(done));
    await quotas.settleOwed();
    expect((await quotas.quotas(ANN)).throws.left).to.equal(10);
    expect((await memory.usage(ANN, "secrets")).used).to.equal(0);
  });

  it("[B2] what is done after all while others are given back is not given back", async () => {
    const clock = new ManualClock(1_000_000);
    const store = new MemoryQuotaStore(clock);
    const refund = store.refund.bind(store);
    const quotas = new QuotaService(store, clock, { ...NO_BOUND, throws: 10, catches: 20 });
    const ids = ["first", "second"] as WriteId[];
    store.refund = () => Promise.reject(new StoreUnavailable());
    for (const id of ids) {
      const taken = await quotas.take(ANN, "throws", id);
      await quotas.giveBack(ANN, "throws", taken, id);
    }
    let goOn = (): void => {};
    const held = new Promise<void>((done) => (goOn = done));
    store.refund = async (...args) => {
      await held;
      return refund(...args);
    };
    const settling = quotas.settleOwed();
    expect((await quotas.take(ANN, "throws", ids[1])).outcome).to.equal("again");
    goOn();
    await settling;
    expect((await quotas.quotas(ANN)).throws.left).to.equal(9);
  });

  it("[B2] what is done once for a mark costs once, and again where its cost was given back", async () => {
    const store = new MemoryQuotaStore(new ManualClock(1_000_000));
    const quotas = new QuotaService(store, new ManualClock(1_000_000), {
      ...NO_BOUND,
      throws: 10,
      catches: 20,
      boxes: 5,
    });
    const mark = "mark" as WriteId;
    const used = async (): Promise<number> => (await store.usage(ANN, "boxes")).used;
    const once = (work: () => Promise<string>) => quotas.spendOnce(ANN, "boxes", mark, work);
    const lost = await once(() => Promise.reject(new Error("lost"))).catch(String);
    expect([lost, await used()]).to.deep.equal(["Error: lost", 0]);
    expect(await once(() => Promise.resolve("made"))).to.equal("made");
    expect(await once(() => Promise.resolve("there"))).to.equal("there");
    expect(await used()).to.equal(1);
    await quotas.spendOnce(
      ANN,
      "boxes",
      "other" as WriteId,
      async () => 1,
      () => false,
    );
    expect(await used(), "refused").to.equal(1);
  });
});
