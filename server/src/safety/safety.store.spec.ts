import { expect } from "chai";
import type { DrifterId } from "@driftsea/protocol";
import { eachStore } from "../../test/harness/each-store.ts";
import type { TimedStore } from "../../test/harness/each-store.ts";
import { MemorySafetyStore } from "./safety.store.memory.ts";
import { RedisSafetyStore } from "./safety.store.redis.ts";
import type { SafetyStore } from "./safety.store.ts";

eachStore<SafetyStore>(
  "safety store",
  (clock) => new MemorySafetyStore(clock),
  (connection) => new RedisSafetyStore(connection),
  (open) => {
    let t: TimedStore<SafetyStore>;
    const [ann, bo] = ["ann", "bo"] as [DrifterId, DrifterId];
    beforeEach(async () => {
      t = await open();
    });

    it("[M1] one report a person an item, with what was seen", async () => {
      const report = {
        target: { kind: "bottle", id: "b" },
        reason: "spam",
        snapshot: ["buy"],
      } as const;
      const stored = { ...report, snapshot: [...report.snapshot] };
      expect(await t.store.report(ann, stored)).to.equal(true);
      expect(await t.store.report(ann, { ...stored, reason: "other" })).to.equal(false);
      expect(await t.store.report(bo, stored)).to.equal(true);
      const kept = await t.store.reports(report.target);
      expect(kept).to.have.length(2);
      expect(kept[0]).to.deep.equal({ ...stored, at: t.now() });
    });
  },
);
