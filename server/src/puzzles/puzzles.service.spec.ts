import { expect } from "chai";
import type { DrifterId, Puzzle, PuzzleSolution, WriteId } from "@driftsea/protocol";
import { solve } from "../../test/harness/puzzles.ts";
import { writeId } from "../../test/harness/visitor.ts";
import { ManualClock } from "../lib/clock.ts";
import { DomainError } from "../lib/errors.ts";
import { PUZZLE_LIFE_MS, isSolved, makePuzzle } from "./challenge.ts";
import { PuzzleService } from "./puzzles.service.ts";
import type { PuzzleParts } from "./puzzles.service.ts";
import { MemoryPuzzleStore } from "./puzzles.store.memory.ts";

const DAY_MS = 24 * 60 * 60 * 1000;
const ann = "ann" as DrifterId;

describe("puzzle service", () => {
  let clock: ManualClock;
  let store: MemoryPuzzleStore;
  let lateMs = 0;
  let levels: number[];
  const open = (mode: PuzzleParts["mode"]): PuzzleService =>
    new PuzzleService({
      store,
      clock,
      mode,
      lateMs: () => lateMs,
      onAnswer: () => {},
      onLevel: (level) => levels.push(level),
    });
  beforeEach(() => {
    clock = new ManualClock(Date.now());
    store = new MemoryPuzzleStore(clock);
    lateMs = 0;
    levels = [];
  });
  const asked = async (service: PuzzleService): Promise<Puzzle> =>
    (await service.newcomer(undefined))!;
  const pass = async (service: PuzzleService, ms: number, each: () => void = () => {}) => {
    for (let passed = 0; passed < ms; passed += 500) {
      clock.advance(500);
      each();
      await service.look();
    }
  };

  it("[M4] whoever has solved a puzzle may come in, once, in any process", async () => {
    const [one, other] = [open("on"), open("on")];
    const solved = await solve(await asked(one));
    expect(await other.newcomer(solved)).to.equal(null);
    for (const service of [one, other]) {
      const again = await service.newcomer(solved);
      expect(again?.parameters.nonce).to.not.equal(solved.challenge.parameters.nonce);
      expect(again).to.not.equal(null);
    }
  });

  it("[M4] of a solution that is given many times at once, exactly one counts", async () => {
    const services = [open("on"), open("on"), open("on")];
    const solved = await solve(await asked(services[0]!));
    const tries = Array.from({ length: 300 }, (_, i) => services[i % 3]!.newcomer(solved));
    const results = await Promise.all(tries);
    expect(results.filter((puzzle) => puzzle === null)).to.have.length(1);
  });

  it("[M4] forged, changed, foreign and expired ones are refused as none at all", async () => {
    const service = open("on");
    const good = await solve(await asked(service));
    const { parameters, signature } = good.challenge;
    const variant = (
      change: Partial<Puzzle["parameters"]>,
      solution: Partial<PuzzleSolution["solution"]> = {},
      sign = signature,
    ): PuzzleSolution => ({
      challenge: { parameters: { ...parameters, ...change }, signature: sign },
      solution: { ...good.solution, ...solution },
    });
    const own = await solve(await makePuzzle("a secret of one's own", 1, clock.now()));
    const other = await solve(await asked(service));
    const bad = [
      variant({ expiresAt: parameters.expiresAt + 1 }),
      variant({ keyPrefix: "00" }),
      variant({ salt: "00".repeat(16) }),
      variant({ data: { most: 1 } }),
      variant({}, { counter: good.solution.counter + 1 }),
      variant({}, { derivedKey: "00".repeat(32) }),
      variant({}, {}, "00".repeat(32)),
      variant({}, {}, own.challenge.signature),
      variant({}, other.solution),
      own,
      { challenge: own.challenge, solution: good.solution },
    ];
    for (const solution of bad) expect(await service.newcomer(solution)).to.not.equal(null);
    clock.advance(PUZZLE_LIFE_MS);
    expect(await service.newcomer(other)).to.not.equal(null);
    clock.advance(-PUZZLE_LIFE_MS);
    // None of that has spent them.
    expect(await service.newcomer(good)).to.equal(null);
    expect(await service.newcomer(other)).to.equal(null);
  });

  it("[M4] a throw is asked for a puzzle; its write may be repeated with it, no other may", async () => {
    const service = open("on");
    const id = writeId();
    const error = await service.throw(ann, { id }).then(
      () => null,
      (thrown: unknown) => thrown as DomainError,
    );
    expect(error).to.be.instanceOf(DomainError);
    expect(error?.code).to.equal("confirmation_needed");
    const puzzle = await solve(error!.details.puzzle!);
    const isFree = (drifter: DrifterId, write: WriteId): Promise<boolean> =>
      service.throw(drifter, { id: write, puzzle }).then(
        () => true,
        () => false,
      );
    expect(await isFree(ann, id)).to.equal(true);
    expect(await isFree(ann, id)).to.equal(true);
    expect(await isFree(ann, writeId())).to.equal(false);
    expect(await isFree("bo" as DrifterId, id)).to.equal(false);
  });

  it("[M4] the secret is another each day; what was asked before midnight can be solved after", async () => {
    clock.advance(DAY_MS - (clock.now() % DAY_MS) - 1000);
    const service = open("on");
    const evening = await solve(await asked(service));
    const [before] = await service.refresh();
    clock.advance(2000);
    const morning = await solve(await asked(service));
    expect(await isSolved(evening, [before], clock.now())).to.equal(true);
    expect(await isSolved(morning, [before], clock.now())).to.equal(false);
    expect(await service.newcomer(evening)).to.equal(null);
    // A process that began later knows both.
    expect(await open("on").newcomer(morning)).to.equal(null);
  });

  it("[M4] auto: a burst in two processes together turns it on, calm turns it off", async () => {
    const [one, other] = [open("auto"), open("auto")];
    const both = async (ms: number, each: () => void) => {
      for (let passed = 0; passed < ms; passed += 500) {
        clock.advance(500);
        each();
        await Promise.all([one.look(), other.look()]);
      }
    };
    await both(20_000, () => void one.newcomer(undefined));
    expect(await one.newcomer(undefined)).to.equal(null);
    // 25 a look in each of the two: neither alone would be a crowd.
    await both(15_000, () => {
      for (let i = 0; i < 25; i += 1)
        for (const service of [one, other]) void service.newcomer(undefined);
    });
    expect(await one.newcomer(undefined)).to.have.property("signature");
    expect(await other.newcomer(undefined)).to.have.property("signature");
    await both(90_000, () => void one.newcomer(undefined));
    expect(await one.newcomer(undefined)).to.equal(null);
    expect(await other.newcomer(undefined)).to.equal(null);
  });

  it("[M4] auto: those who do not solve it keep it on, those turned away count too", async () => {
    const service = open("auto");
    await pass(service, 10_000, () => {
      for (let i = 0; i < 45; i += 1) service.turnedAway();
    });
    expect(levels.at(-1)).to.equal(1);
    await pass(service, 90_000, () => {
      for (let i = 0; i < 45; i += 1) void service.newcomer(undefined);
    });
    expect(levels.at(-1)).to.equal(1);
  });

  it("[M4] off asks nobody, on asks everybody, in calm as well", async () => {
    const [off, on] = [open("off"), open("on")];
    for (let i = 0; i < 1000; i += 1) off.turnedAway();
    await pass(off, 5000);
    expect(await off.newcomer(undefined)).to.equal(null);
    await pass(on, 5 * 60_000);
    expect(await on.newcomer(undefined)).to.have.property("signature");
  });

  it("[M4] while the store is away nobody comes in by a solution, and none is spent", async () => {
    const service = open("on");
    const solved = await solve(await asked(service));
    const spend = store.spend.bind(store);
    store.spend = async () => {
      throw new DomainError("unavailable", "away");
    };
    const failure = await service.newcomer(solved).then(
      () => null,
      (error: unknown) => error,
    );
    expect(failure).to.be.instanceOf(DomainError);
    store.spend = spend;
    expect(await service.newcomer(solved)).to.equal(null);
  });
});
