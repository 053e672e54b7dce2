import { expect } from "chai";
import type { DrifterId, Notice } from "@driftsea/protocol";
import { ManualClock } from "../lib/clock.ts";
import type { DomainError } from "../lib/errors.ts";
import { alone } from "../nodes/nodes.ts";
import type { Missed } from "../nodes/nodes.ts";
import type { NoticeService } from "../sessions/notices.service.ts";
import { PenaltyService, closedBy } from "./penalties.service.ts";
import { MemoryPenaltyStore } from "./penalties.store.memory.ts";

const MINUTE = 60_000;
const ann = "ann" as DrifterId;
const turn = (): Promise<void> => new Promise((done) => void setImmediate(done));

describe("penalties", () => {
  let clock: ManualClock;
  let penalties: PenaltyService;
  let told: Notice[];
  let disconnected: DrifterId[];
  /** What he was told last. */
  let reading: Promise<boolean>;
  beforeEach(() => {
    clock = new ManualClock(1_000_000);
    told = [];
    disconnected = [];
    reading = Promise.resolve(true);
    const notify = async (_drifter: DrifterId, _id: string, notice: Notice): Promise<void> => {
      told.push(notice);
    };
    penalties = new PenaltyService({
      store: new MemoryPenaltyStore(clock),
      notices: { notify } as unknown as NoticeService,
      publisher: {
        disconnect: (drifter) => void disconnected.push(drifter),
        drifters: () => [],
        hasRead: () => reading,
      },
      clock,
    });
  });
  const refusal = async (name: "talk" | "throw"): Promise<DomainError | null> =>
    Promise.resolve(penalties.check(ann, name)).then(
      () => null,
      (error: DomainError) => error,
    );

  it("[M3] closes one function, says until when and why, and opens it again", async () => {
    await penalties.penalise(ann, "a", { function: "talk", reason: "harassment" });
    const untilAt = clock.now() + MINUTE;
    expect(told).to.deep.equal([
      { kind: "session:penalty", function: "talk", untilAt, reason: "harassment" },
    ]);
    clock.advance(20_000);
    const error = await refusal("talk");
    expect(error?.code).to.equal("forbidden");
    expect(error?.details).to.deep.equal({
      retryAfterMs: 40_000,
      fields: { penalty: "harassment" },
    });
    expect(await refusal("throw")).to.equal(null);
    clock.advance(40_000);
    expect(await refusal("talk")).to.equal(null);
    expect(disconnected).to.deep.equal([]);
  });

  it("[M3] the fifth step keeps the whole person out, and he is disconnected", async () => {
    for (let i = 1; i <= 4; i += 1)
      await penalties.penalise(ann, `k${i}`, { function: "talk", reason: "spam" });
    expect(await penalties.keptOutMs(ann)).to.equal(null);
    let hasRead = (): void => {};
    reading = new Promise((done) => (hasRead = () => done(true)));
    await penalties.penalise(ann, "k5", { function: "talk", reason: "spam" });
    expect(await penalties.keptOutMs(ann)).to.equal(12 * 60 * MINUTE);
    expect(told.at(-1)).to.include({ function: "all" });
    expect((await refusal("throw"))?.code).to.equal("forbidden");
    // What was told to a line that is cut would lie in his inbox once more.
    expect(disconnected).to.deep.equal([]);
    hasRead();
    await turn();
    expect(disconnected).to.deep.equal([ann]);
  });

  it("[M3] what passed this process by: he is told why before he is put out", async () => {
    const store = new MemoryPenaltyStore(clock);
    for (let i = 0; i < 5; i += 1)
      await store.step(ann, `k${i}`, { function: "talk", reason: "spam" });
    let caughtUp = (): void => {};
    const telling = new Promise<void>((done) => (caughtUp = done));
    let missed: Missed = async () => {};
    penalties = new PenaltyService({
      store,
      notices: { caughtUp: () => telling } as unknown as NoticeService,
      publisher: {
        disconnect: (drifter) => void disconnected.push(drifter),
        drifters: () => [ann],
        hasRead: () => reading,
      },
      nodes: { ...alone, onMissed: (listener) => (missed = listener) },
      clock,
    });
    const done = missed(0);
    await turn();
    expect(disconnected).to.deep.equal([]);
    caughtUp();
    await done;
    await turn();
    expect(disconnected).to.deep.equal([ann]);
  });

  it("[M3] three functions closed at once keep him out until the first of them opens", () => {
    const step = (name: "throw" | "talk" | "meet", untilAt: number) => ({
      function: name,
      step: 1,
      untilAt,
      reason: "spam",
    });
    const steps = [step("throw", 100), step("talk", 300), step("meet", 200)];
    expect(closedBy(steps, 50)[0]).to.deep.equal({
      function: "all",
      untilAt: 100,
      reason: "spam",
    });
    expect(closedBy(steps, 100).map((one) => one.function)).to.deep.equal(["talk", "meet"]);
    expect(closedBy(steps, 300)).to.deep.equal([]);
  });
});
