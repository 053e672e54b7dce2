import { expect } from "chai";
import type { SeaId } from "@driftsea/protocol";
import type { Publisher } from "../lib/publisher.ts";
import type { Settlement } from "./bottles.settle.ts";
import type { BottleStore } from "./bottles.store.ts";
import { StoreUnavailable } from "../lib/errors.ts";
import { SeaCatalogue } from "./sea-catalogue.ts";
import { Tide } from "./tide.ts";

describe("tide", () => {
  it("[B12] [R11] a sea of which millions are to be deleted keeps no other waiting", async () => {
    const left = new Map([
      ["ended", 1_000_000],
      ["other", 3],
    ]);
    let sweeps = 0;
    let otherWaited = 0;
    const store = {
      sweep: async (sea: SeaId, limit: number) => {
        sweeps += 1;
        if (sea === ("other" as SeaId)) otherWaited ||= sweeps;
        const result = Math.min(limit, left.get(sea)!);
        left.set(sea, left.get(sea)! - result);
        return { result, outbox: [] };
      },
    } as unknown as BottleStore;
    const infos = [...left.keys()].map((id) => ({ id: id as SeaId, title: { en: id, zh: id } }));
    const seas = new SeaCatalogue(store, infos);
    const tide = new Tide(store, seas, {} as Settlement, {} as Publisher);
    await tide.sweep();
    expect(otherWaited).to.be.within(1, 100);
    expect(left.get("other")).to.equal(0);
    while (left.get("ended")! > 0) await tide.sweep();
  });

  it("[B12] a sea whose store is away keeps no other waiting", async () => {
    const swept: string[] = [];
    const looked: string[] = [];
    const isAway = (sea: string): boolean => sea === "away";
    const store = {
      sweep: async (sea: SeaId) => {
        if (isAway(sea)) throw new StoreUnavailable();
        swept.push(sea);
        return { result: 0, outbox: [] };
      },
      outbox: async (sea: SeaId) => {
        if (isAway(sea)) throw new StoreUnavailable();
        looked.push(sea);
        return [];
      },
    } as unknown as BottleStore;
    const others = Array.from({ length: 30 }, (_, i) => `sea ${i}`);
    const infos = ["away", ...others].map((id) => ({
      id: id as SeaId,
      title: { en: id, zh: id },
    }));
    const seas = new SeaCatalogue(store, infos);
    const tide = new Tide(store, seas, {} as Settlement, {} as Publisher);
    const failed = (error: unknown): boolean => error instanceof StoreUnavailable;
    expect(await tide.sweep().catch(failed), "and it is told").to.equal(true);
    expect(await tide.settleLeftovers(0, 0).catch(failed)).to.equal(true);
    expect([swept, looked]).to.deep.equal([others, others]);
  });
});
