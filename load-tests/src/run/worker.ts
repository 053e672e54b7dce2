import type { Fact } from "../ledger/facts.ts";
import { GeneratorWatch, noLoad } from "../measure/generator.ts";
import { Operations } from "../measure/operations.ts";
import type { Client } from "../net/client.ts";
import { scenarioOf } from "../scenarios/index.ts";
import { Dispatcher } from "./dispatch.ts";
import type { Assignment, FromWorker, Round, ToWorker } from "./messages.ts";
import type { Crew } from "./user.ts";

/** Between two sweeps of the connections, in ms. */
const SWEEP_MS = 500;
const SECOND_MS = 1000;
/** Whoever is not back so long after his line was lost never is, in ms. */
const BACK_WITHIN_MS = 60_000;

/** One process of the generator: its share of connections and operations. */
function main(assignment: Assignment): (order: ToWorker) => Promise<void> {
  const { worker, workers } = assignment;
  const scenario = scenarioOf(assignment.scenario);
  const operations = new Operations(scenario.operations);
  const clients = new Set<Client>();
  let facts: Fact[] = [];
  const share = Math.ceil((assignment.connections - worker) / workers);
  const crew: Crew = {
    ...assignment,
    url: new URL(assignment.url),
    connections: share,
    firstNumber: 0,
    operations,
    clients,
    comeBack: scenario.kills === true && { withinMs: BACK_WITHIN_MS },
    tell: (fact) => void facts.push(fact),
  };
  const play = scenario.create(crew);
  const watch = new GeneratorWatch();
  let dispatcher: Dispatcher | null = null;

  const tellSecond = (): void => {
    const { user, system } = process.cpuUsage();
    const cpuMs = (user + system) / 1000;
    say({ is: "second", seconds: operations.takeSecond(), facts, cpuMs });
    facts = [];
  };
  const sweep = setInterval(() => {
    for (const client of clients) client.sweep(performance.now());
  }, SWEEP_MS);
  const seconds = setInterval(tellSecond, SECOND_MS);

  const run = async (round: Round): Promise<void> => {
    operations.reset();
    const own = { worker, workers, connections: share };
    const dispatched = new Dispatcher(play, operations, round, own);
    dispatcher = dispatched;
    let generator = noLoad();
    await dispatched.run(
      () => watch.start(),
      () => (generator = watch.stop(dispatched.lateness)),
    );
    tellSecond();
    const { arrivals, endedAt } = dispatched;
    say({ is: "ran", all: operations.all, arrivals, generator, endedAt });
    operations.told();
  };
  return async (order) => {
    if (order.do === "prepare") {
      // Connecting is measured wherever it happens.
      operations.measure(0, Infinity);
      await play.prepare();
      say({ is: "prepared", connected: operations.all["connect"]! });
      operations.told();
    } else if (order.do === "run") await run(order.round);
    else if (order.do === "stop") {
      dispatcher?.stop();
      play.stop?.();
    } else if (order.do === "settle") {
      await play.settle();
      tellSecond();
      say({ is: "settled", all: operations.all });
    } else {
      clearInterval(sweep);
      clearInterval(seconds);
      for (const client of clients) client.close();
      // Not while messages are handed out that came together with this one: Node would fall over the closed channel.
      setImmediate(() => process.disconnect());
    }
  };
}

const say = (message: FromWorker): void => {
  if (process.connected) process.send!(message);
};
let obey: ((order: ToWorker) => Promise<void>) | null = null;
process.on("message", (order: ToWorker) => {
  if (order.do === "begin") obey = main(order.assignment);
  else
    obey!(order).catch((error: unknown) => {
      say({ is: "failed", message: error instanceof Error ? error.message : String(error) });
    });
});
// A signal to all is for the one who gives the orders; without him there is nothing to do.
for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.on(signal, () => {});
process.on("disconnect", () => process.exit());
