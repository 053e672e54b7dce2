/*
 * The sea and the feed with 1, 10 and 100 million drifters online: `npm run sim:scale [seed]`. What one thing
 * costs is measured first, on a redis-server of its own; the rest is drawn at random or reckoned from that.
 * docs/sizing.md says what follows from it.
 */
import { seededRandom } from "../src/lib/random.ts";
import { startRedis } from "../test/harness/redis.ts";
import { measureCosts } from "./scale-costs.ts";
import type { Costs } from "./scale-costs.ts";
import { readersOf } from "./scale-feed.ts";
import { LIFE_MS, drawIn, sampleLives, shardError } from "./scale-sea.ts";

const SIZES = [1e6, 1e7, 1e8];
const SEED = process.argv[2] ?? "driftsea";
const MEASURED = 20_000;

/** Measured by `npm run load` and `npm run bench`; load-tests/README.md and docs/sizing.md say where. */
const KNOWN = {
  /** All in all in a process of 19 000. */
  connectionKb: 21,
  /** Heartbeats and sweepers, CPU in µs of a second for each connection. */
  heartbeatUs: 3.4,
  heartbeatEveryS: 12,
  /** A message to a room of 10: CPU of our process, and of Redis. */
  roomUs: 361,
  roomRedisUs: 149,
  /** What a process that serves nobody asks of Redis (sweepers, beats): CPU of Redis in µs a second. */
  sweepRedisUs: 3300,
};
/** What is not measured: what people do, in an hour for each who is online. */
const ASSUMED = {
  throws: 1,
  catches: 2,
  answers: 0.6,
  roomMessages: 6,
  roomOf: 10,
  secrets: 0.1,
  /** Of all throws and catches, so many are in the world's sea. */
  inWorld: 0.6,
  /** People who have a feed, for each who is online. */
  peopleForOneOnline: 5,
  perProcess: 15_000,
  /** Bytes on the wire: of a heartbeat with its acknowledgements, and of a message delivered. */
  heartbeatBytes: 230,
  messageBytes: 450,
};
/** A core that is busier than this waits in its queue. */
const FULL = 0.7;
/** What one master keeps in memory, in bytes: more takes minutes to load or to copy. */
const MASTER_BYTES = 32e9;
/** One reader in a letter: six characters, quoted, and a comma. */
const NAME_BYTES = 9;
const CIRCLES = { exponent: 2.2, least: 5, most: 500, overlap: 0.3 };

const n = (value: number): string =>
  value >= 1e9
    ? `${(value / 1e9).toPrecision(3)} G`
    : value >= 1e6
      ? `${(value / 1e6).toPrecision(3)} M`
      : value >= 1e4
        ? `${(value / 1e3).toPrecision(3)} k`
        : String(Number(value.toPrecision(3)));
const hours = (ms: number): string => (ms / 3_600_000).toFixed(2);
const row = (name: string, values: readonly string[]): void =>
  console.log(`${name.padEnd(58)}${values.map((value) => value.padStart(12)).join("")}`);

function sea(): void {
  console.log(`\nThe draw (bottles afloat; 2 catches a bottle, an answer in 0.3):`);
  const rng = seededRandom(`${SEED} sea`);
  const lives = sampleLives(rng, { catches: 2, answering: 0.3, sample: 100_000 });
  const share = lives.perBottle.reduce((sum, each) => sum + each, 0);
  const all = SIZES.map((size) => ({
    size,
    ...drawIn(rng, {
      counts: lives.perBottle.map((each) => Math.round((each / share) * size)),
      draws: 1_000_000,
      creature: 0.2,
    }),
  }));
  row("", SIZES.map(n));
  row(
    "a draw in the in-memory store, ns",
    all.map(({ ns }) => ns.toFixed(0)),
  );
  row(
    "creatures, share of draws (0.2)",
    all.map(({ creatures }) => creatures.toFixed(4)),
  );
  row(
    "worst class, standard deviations",
    all.map(({ worstClass }) => worstClass.toFixed(1)),
  );
  row(
    "worst tenth of a class, standard deviations",
    all.map((d) => d.worstTenth.toFixed(1)),
  );
  row(
    "drawn again: his own or one he held, of 30 (share)",
    SIZES.map((size) => (30 / size).toExponential(0)),
  );
  console.log(`\nLives of 100 000 bottles of a sea of any such size:`);
  row("catches a bottle", ["0.5", "1", "2"]);
  const three = [0.5, 1, 2].map((catches) => ({
    catches,
    ...sampleLives(rng, { catches, answering: 0.3, sample: 100_000 }),
  }));
  row(
    "answered",
    three.map(({ answered }) => answered.toFixed(3)),
  );
  row(
    "promised (B13)",
    three.map(({ catches }) => (0.95 * Math.min(1, catches * 0.3)).toFixed(3)),
  );
  row(
    "never held",
    three.map(({ neverHeld }) => neverHeld.toFixed(3)),
  );
  row(
    "first hand, p50, h",
    three.map(({ firstHand50Ms }) => hours(firstHand50Ms)),
  );
  row(
    "first hand, p99, h",
    three.map(({ firstHand99Ms }) => hours(firstHand99Ms)),
  );
}

function seaSlot(costs: Costs): void {
  const { throws, catches, answers, inWorld } = ASSUMED;
  const releases = Math.max(0, catches - answers);
  const usAnHour =
    throws * costs.throwUs +
    catches * costs.catchUs +
    answers * costs.answerUs +
    releases * costs.releaseUs;
  console.log("\nOne sea is one slot, one slot is one core of Redis (drifters online):");
  row("", SIZES.map(n));
  const loads = SIZES.map((size) => (size * inWorld * usAnHour) / 3600 / 1e6);
  row(
    "throws and catches in the world's sea, a second",
    SIZES.map((size) => n((size * inWorld * (throws + catches)) / 3600)),
  );
  row("load of its slot, cores", loads.map(n));
  // A bottle is kept for its life and 7 days.
  const bytes = SIZES.map(
    (size) => size * inWorld * throws * (LIFE_MS / 3.6e6 + 7 * 24) * costs.bottleBytes,
  );
  row(
    "its bottles, memory, GB",
    bytes.map((each) => n(each / 1e9)),
  );
  const byLoad = loads.map((load) => Math.ceil(load / FULL));
  row(`shards {b:world:<n>} by load, ${FULL} of a core`, byLoad.map(n));
  const shards = bytes.map((each, i) => Math.max(byLoad[i]!, Math.ceil(each / MASTER_BYTES)));
  row(`shards by memory, ${MASTER_BYTES / 1e9} GB`, shards.map(n));
  const rng = seededRandom(`${SEED} shards`);
  row(
    "worst error of a bottle's chance by weights a second old",
    SIZES.map((size, i) =>
      shardError(rng, {
        bottles: size * inWorld * throws * 24,
        shards: shards[i]!,
        perS: (size * inWorld * throws) / 3600,
        seconds: 600,
      }).toExponential(1),
    ),
  );
  console.log(
    `one slot holds ${n((FULL * 3600 * 1e6) / (inWorld * usAnHour))} drifters online by load, ` +
      `${n((MASTER_BYTES / bytes[0]!) * SIZES[0]!)} by memory`,
  );
}

function feed(costs: Costs): void {
  const rng = seededRandom(`${SEED} feed`);
  const fanout = readersOf(rng, CIRCLES, 200_000);
  console.log(
    `\nFan-out of secrets (friends: power law ${CIRCLES.exponent}, ${CIRCLES.least} to ${CIRCLES.most}, ` +
      `mean ${fanout.meanFriends.toFixed(1)}):`,
  );
  console.log(
    `readers of a secret: mean ${fanout.meanReaders.toFixed(0)}, p50 ${fanout.p50}, ` +
      `p99 ${fanout.p99}, most ${fanout.most}`,
  );
  row("drifters online", SIZES.map(n));
  const perS = SIZES.map((size) => ((size * ASSUMED.secrets) / 3600) * fanout.meanReaders);
  row("entries written a second", perS.map(n));
  row(
    "cores of Redis for them",
    perS.map((each) => n((each * costs.deliverUs) / 1e6)),
  );
  row(
    "readers named to each process, MB a second",
    perS.map((each) => n((each * NAME_BYTES) / 1e6)),
  );
  row(
    "cores of each process for them",
    perS.map((each) => n((each * costs.namedUs) / 1e6)),
  );
  row(
    "of Redis to all processes, Gbit/s",
    perS.map((each, i) => {
      const processes = Math.ceil(SIZES[i]! / ASSUMED.perProcess);
      return n((each * NAME_BYTES * processes * 8) / 1e9);
    }),
  );
  // What a reader gets in 30 days, 1000 at most.
  const kept = Math.min(
    1000,
    (ASSUMED.secrets / ASSUMED.peopleForOneOnline) * 24 * 30 * fanout.meanReaders,
  );
  row(
    `memory of feeds of ${kept.toFixed(0)} entries, GB`,
    SIZES.map((size) => n((size * ASSUMED.peopleForOneOnline * kept * costs.entryBytes) / 1e9)),
  );
}

function processes(costs: Costs): void {
  console.log("\nProcesses, and what each hears of all others:");
  row("drifters online", SIZES.map(n));
  const count = SIZES.map((size) => Math.ceil(size / ASSUMED.perProcess));
  const messages = SIZES.map((size) => (size * ASSUMED.roomMessages) / 3600);
  row(`processes of ${n(ASSUMED.perProcess)} connections`, count.map(n));
  row(
    "their sweepers, cores of Redis",
    count.map((each) => n((each * KNOWN.sweepRedisUs) / 1e6)),
  );
  row(
    "memory of processes, GB",
    SIZES.map((size) => n((size * KNOWN.connectionKb) / 1e6)),
  );
  row(
    "cores for heartbeats and sweepers",
    SIZES.map((d) => n((d * KNOWN.heartbeatUs) / 1e6)),
  );
  row("messages to rooms a second", messages.map(n));
  row(
    "cores of ours for them",
    messages.map((each) => n((each * KNOWN.roomUs) / 1e6)),
  );
  row(
    "cores of Redis for them",
    messages.map((each) => n((each * KNOWN.roomRedisUs) / 1e6)),
  );
  const beats = count.map((each) => 2 * each);
  row(
    "letters that each process hears, cores of each",
    messages.map((each, i) => n(((each + beats[i]!) * costs.letterUs) / 1e6)),
  );
  row(
    "wake-ups that Redis sends, cores, on all 64 channels",
    messages.map((each, i) => n((each * count[i]! * costs.wakeUpUs) / 1e6)),
  );
  row(
    "beats, cores, on the one channel of beats",
    count.map((each) => n((2 * each * each * costs.wakeUpUs) / 1e6)),
  );
  row(
    "network out, Gbit/s",
    SIZES.map((size, i) => {
      const heartbeats = (size / KNOWN.heartbeatEveryS) * ASSUMED.heartbeatBytes;
      const delivered = messages[i]! * ASSUMED.roomOf * ASSUMED.messageBytes;
      return n(((heartbeats + delivered) * 8) / 1e9);
    }),
  );
  // A process has half of a core for what others say.
  const heardMax = 0.5e6 / costs.letterUs;
  console.log(
    `half a core of each process hears ${n(heardMax)} letters a second: ` +
      `${n((heardMax * 3600) / ASSUMED.roomMessages)} drifters online`,
  );
  const sweeping = (FULL * 1e6) / KNOWN.sweepRedisUs;
  console.log(
    `one Redis carries the sweepers of ${n(sweeping)} processes: ` +
      `${n(sweeping * ASSUMED.perProcess)} drifters online`,
  );
  const most = Math.sqrt((FULL * 1e6) / 2 / costs.wakeUpUs);
  console.log(
    `one master carries the beats of ${n(most)} processes: ${n(most * ASSUMED.perProcess)} drifters online`,
  );
}

async function main(): Promise<void> {
  const server = await startRedis("single");
  if (!server) throw new Error("redis-server is not on PATH");
  console.log(`seed ${SEED}; assumed, an hour for each online: ${JSON.stringify(ASSUMED)}`);
  try {
    const costs = await measureCosts(server, MEASURED);
    console.log("\nMeasured here (CPU of Redis, µs; of ours for a letter; memory in bytes):");
    for (const [name, value] of Object.entries(costs)) row(name, [n(value)]);
    sea();
    seaSlot(costs);
    feed(costs);
    processes(costs);
  } finally {
    await server.stop();
  }
}

await main();
