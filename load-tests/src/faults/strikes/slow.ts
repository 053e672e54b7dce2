import { Ledger } from "../../ledger/ledger.ts";
import { eachOf, pause, until } from "../../run/together.ts";
import { Crowd, p99 } from "../crowd.ts";
import { Drifter, sweepEach } from "../drifter.ts";
import type { Shore } from "../drifter.ts";
import { RedisMachine, ServerMachine } from "../machines.ts";
import { Judge, round, times } from "./strike.ts";
import type { Finding, Strike, Terms } from "./strike.ts";

const CUT_WITHIN_MS = 10_000;
/** By so much may the others be later than before. */
const OTHERS_MAX = 2;
/** Times below this differ by chance, in ms. */
const FLOOR_MS = 20;
/** Messages a second in the room of those who stop, and in the others. */
const RATES = { busy: 200, quiet: 2 };

/** Those who stop reading are in one room that is written a lot; most of the others are in quiet ones. */
async function run({ rng, isLong, note }: Terms): Promise<Finding> {
  const [people, slow, rooms] = isLong ? [1000, 100, 9] : [60, 6, 2];
  const judge = new Judge({ isLong });
  const ledger = new Ledger();
  const redis = await RedisMachine.start();
  let server: ServerMachine | null = null;
  const shore: Shore = { rng, backAfterMs: () => 500 * rng.uniform(), drifters: new Set() };
  const sweep = sweepEach(shore);
  const crowds: Crowd[] = [];
  try {
    server = await ServerMachine.start({ REDIS_URL: redis.url });
    const { url } = server;
    const one = async (name: string): Promise<Drifter> => {
      const drifter = new Drifter(shore, url, name);
      await drifter.come();
      return drifter;
    };
    const all: Drifter[] = [];
    await eachOf(people, async (i) => void all.push(await one(`listener ${i}`)));
    const inBusy = Math.ceil(slow * 1.1);
    const [stops, others] = [all.slice(0, slow), new Set(all.slice(slow))];
    const gather = async (name: string, members: readonly Drifter[]): Promise<void> =>
      void crowds.push(await Crowd.gather(await one(name), members, (f) => ledger.tell(f)));
    await gather("host of many words", all.slice(0, inBusy));
    const rest = all.slice(inBusy);
    for (let i = 0; i < rooms; i += 1)
      await gather(
        `host ${i}`,
        rest.filter((_, number) => number % rooms === i),
      );
    for (const [i, crowd] of crowds.entries()) crowd.write(i === 0 ? RATES.busy : RATES.quiet);
    await pause(2000);
    const before = crowds.map((crowd) => crowd.count(others));
    await pause(isLong ? 10_000 : 3000);
    const during = crowds.map((crowd) => crowd.count(others));
    const connections = await server.metric("driftsea_connections");
    const from = performance.now();
    for (const drifter of stops) drifter.stopReading();
    const cuts: number[] = [];
    while (cuts.length < slow && performance.now() < from + 4 * CUT_WITHIN_MS) {
      const left = connections - (await server.metric("driftsea_connections"));
      while (cuts.length < left) cuts.push(performance.now() - from);
      await pause(100);
    }
    judge.holds(cuts.length >= slow, `${cuts.length} of ${slow} who did not read were cut`);
    note(`${cuts.length} of ${slow} were cut`);
    const after = crowds.map((crowd) => crowd.count(others));
    for (const drifter of stops) drifter.readOn();
    await until(() => stops.every(({ isThere, losses }) => isThere && losses > 0), 30_000);
    for (const crowd of crowds) await crowd.settle();
    for (const { name, losses } of stops) judge.holds(losses > 0, `${name} has noticed nothing`);
    const lateness = (all: typeof before): number => {
      const [sum, ...more] = all;
      for (const each of more) if (each.count > 0) sum!.add(each);
      return p99(sum!);
    };
    const [usual, then, back] = [before, during, after].map(lateness) as [number, number, number];
    const lost = [...others].reduce((sum, { losses }) => sum + losses, 0);
    judge.holds(lost === 0, `${lost} lines of others were lost`);
    judge.holds(server.crashes === 0, "the server has ended");
    judge.within("cut", Math.max(...cuts), CUT_WITHIN_MS);
    judge.within("p99 of the others", then, Math.max(FLOOR_MS, OTHERS_MAX * usual));
    const { count, violations } = ledger.audit();
    for (const { kind, text } of violations.slice(0, 5)) judge.faults.push(`${kind}: ${text}`);
    return {
      done: `${slow} of ${people} stop reading`,
      figures: {
        "cut after": times(cuts),
        "p99 of the others, before and meanwhile": `${round(usual)} ms, ${round(then)} ms`,
        "p99 of the others, while those came back": `${round(back)} ms`,
        "gaps after they came back": String(count),
      },
      faults: judge.faults,
    };
  } finally {
    for (const drifter of shore.drifters) drifter.close();
    clearInterval(sweep);
    await server?.end("SIGTERM").catch(() => {});
    for (const error of server?.errors().slice(0, 5) ?? []) judge.faults.push(`log: ${error}`);
    await redis.stop();
  }
}

export const slow: Strike = { summary: "a tenth of all stop reading", run };
