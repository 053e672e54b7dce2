import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Ajv2020 } from "ajv/dist/2020.js";
import { expect } from "chai";
import { needRedis } from "../../../server/test/harness/redis.ts";
import { startServer } from "../../../server/test/harness/server.ts";
import type { TestServer } from "../../../server/test/harness/server.ts";
import { readOptions } from "../cli/options.ts";
import { childrenOf, commandOf, usageOf } from "../measure/process-usage.ts";
import type { Report } from "../report/report.ts";
import { SCENARIOS, scenarioOf } from "../scenarios/index.ts";
import type { ScenarioName } from "../scenarios/index.ts";
import { load } from "../testing/command-line.ts";
import { startFakeServer } from "../testing/fake-server.ts";
import type { FakeServer, Faults } from "../testing/fake-server.ts";
import { pause, until } from "./together.ts";
import { Run } from "./run.ts";

const runOf = (...args: string[]): Run => new Run(readOptions(args)!.settings);

describe("a load test", () => {
  const fakes: FakeServer[] = [];
  afterEach(async () => {
    for (const fake of fakes.splice(0)) await fake.close();
  });
  const fake = async (faults?: Faults): Promise<string> => {
    const server = await startFakeServer(faults);
    fakes.push(server);
    return server.url;
  };
  const roomsAt = (url: string, ...more: string[]): Promise<Report> =>
    runOf("rooms", "--url", url, "--connections=10", "--warmup=0", ...more).start();

  describe("against a real server", () => {
    let server: TestServer;
    before(async () => {
      const settings = { ...scenarioOf("mixed").server, RATE_LIMITS: "off", LOG_LEVEL: "error" };
      const free = { THROWS_PER_DAY: 1e9, CATCHES_PER_DAY: 1e9 };
      server = await startServer({ ...settings, ...free });
    });
    after(() => server.close());

    const second = async (name: ScenarioName): Promise<void> => {
      const args = ["--connections=40", "--rate=40", "--duration=1s", "--warmup=200ms"];
      const { invariants, operations } = await runOf(name, "--url", server.url, ...args).start();
      expect(invariants, name).to.deep.equal({ broken: 0, first: [] });
      const [counted] = SCENARIOS[name].operations;
      const { count, errorsByCode } = operations[counted!]!;
      expect(count, `${name}: ${JSON.stringify(errorsByCode)}`).to.be.greaterThan(0);
    };

    it("[M10] each scenario runs without breaking an invariant", async function () {
      this.timeout(30_000);
      // Seekers of one run must not meet those of another.
      const apart = async (...names: ScenarioName[]): Promise<void> => {
        for (const name of names) await second(name);
      };
      await Promise.all([
        apart("meets", "mixed", "soak"),
        apart("connect", "idle", "bottles"),
        apart("rooms", "feed", "reconnect"),
      ]);
    });

    it("[M10] the closed model asks again when it is answered; two processes are one run", async () => {
      const args = ["--closed", "--connections=4", "--workers=2", "--size=2", "--duration=2s"];
      const report = await runOf("rooms", "--url", server.url, "--warmup=0", ...args).start();
      expect(report.rate.offered).to.equal(null);
      expect(report.operations["send"]!.count).to.be.greaterThan(20);
      // Each message goes to both members of its room.
      const { send, deliver } = report.operations;
      expect(deliver!.count).to.be.within(1.8 * send!.count, 2.2 * send!.count);
      expect(report.invariants.broken).to.equal(0);
    });
  });

  it("[M10] a server that stands still for 2 s lifts p99 above 1 s", async function () {
    this.timeout(30_000);
    const run = runOf("rooms", "--store=memory", "--connections=10", "--rate=50", "--duration=4s");
    const result = run.start();
    let isRunning = false;
    run.onProgress = ({ doing, point }) => (isRunning ||= doing === "running" && point !== null);
    await until(() => isRunning, 20_000);
    const pid = run.serverPid!;
    process.kill(pid, "SIGSTOP");
    await pause(2000);
    process.kill(pid, "SIGCONT");
    const { operations, invariants, timeline } = await result;
    expect(operations["send"]!.latencyMs!.p99).to.be.greaterThan(1000);
    expect(operations["send"]!.latencyMs!.p50).to.be.lessThan(operations["send"]!.latencyMs!.p99);
    expect(invariants.broken).to.equal(0);
    expect(timeline.some(({ server }) => server && server.rss > 1e7)).to.equal(true);
    expect(() => process.kill(pid, 0), "its own server has ended").to.throw("ESRCH");
  });

  // By a flag: on a busy machine what was acknowledged reaches its reader later than the run waits.
  const byFlag = process.env["DRIFTSEA_LONG"] ? it : () => {};
  byFlag(
    "[M9] [M10] loss: half way a process of the server is killed; its people are back in 5 s, and nothing is lost",
    async function () {
      this.timeout(120_000);
      const args = ["--processes=2", "--connections=60", "--rate=20", "--duration=8s"];
      const run = runOf("loss", ...args);
      const { operations, invariants, timeline } = await run.start();
      expect(invariants).to.deep.equal({ broken: 0, first: [] });
      const { count, latencyMs } = operations["back"]!;
      expect(count, "whom it served").to.be.within(5, 65);
      expect(latencyMs!.p95).to.be.lessThan(5000);
      expect(timeline.findLast(({ server }) => server)!.server!.processes).to.equal(2);
    },
  );

  it("[M10] a message that is lost or doubled fails the run, whatever its speed", async () => {
    const lost = await roomsAt(await fake({ loses: [3] }), "--rate=50", "--duration=300ms");
    expect(lost.verdict).to.equal("failed");
    expect(new Set(lost.invariants.first.map(({ kind }) => kind))).to.deep.equal(new Set(["gap"]));
    expect(lost.invariants.broken, "one a member").to.equal(10);
    const doubled = await roomsAt(await fake({ doubles: [2] }), "--rate=50", "--duration=300ms");
    expect(doubled.verdict).to.equal("failed");
    expect(doubled.invariants.first[0]?.kind).to.equal("duplicate");
  });

  const bottlesAt = (url: string): Promise<Report> => {
    const args = ["--connections=6", "--rate=60", "--duration=500ms", "--warmup=0"];
    return runOf("bottles", "--url", url, ...args).start();
  };

  it("[M10] a bottle that was acknowledged and is nobody's fails the run; each thrower is asked, one after the other", async () => {
    const { verdict, invariants } = await bottlesAt(await fake({ drops: [2], busyLists: 2 }));
    expect(verdict).to.equal("failed");
    expect(invariants.first.map(({ kind, text }) => `${kind}: ${text}`).join()).to.match(
      /^lost: bottle b2 was acknowledged to [^,]+, and is not among his$/,
    );
    const fine = await bottlesAt(await fake({ busyLists: 2 }));
    expect(fine.invariants).to.deep.equal({ broken: 0, first: [] });
    expect(fine.because.join()).not.to.include("broke off");
  });

  it("[M10] where nobody says which bottles are left, the run has failed and says so", async function () {
    this.timeout(30_000);
    const { verdict, because } = await bottlesAt(await fake({ busyLists: Infinity }));
    expect(verdict).to.equal("failed");
    expect(because[0]).to.match(/broke off at its end: .*bottle:mine was refused: unavailable/);
  });

  it("[M10] a meeting in which both words are lost is no success", async () => {
    const url = await fake({ loses: [1, 2] });
    const args = ["--connections=2", "--rate=10", "--duration=100ms", "--warmup=0"];
    const { operations, rate, verdict } = await runOf("meets", "--url", url, ...args).start();
    expect(operations["say"]!.errorsByCode).to.deep.equal({ unheard: 2 });
    expect(operations["say"]!.count).to.equal(0);
    expect(rate.achieved).to.equal(0);
    expect(verdict).not.to.equal("held");
  });

  it("[M10] where no room may be so short that its end is seen, the report says so", async () => {
    const args = ["--rate=20", "--duration=500ms"];
    const short = await roomsAt(await fake({ shortestMs: 60_000 }), ...args);
    expect(short.operations["ended"]!.errorsByCode).to.deep.equal({ invalid: 1 });
  });

  it("[M10] who finds no two free waits for them, in either model", async () => {
    const url = await fake({ slowMs: 2 });
    const args = ["--connections=2", "--duration=300ms", "--warmup=0"];
    for (const model of ["--rate=60", "--closed"]) {
      const run = runOf("meets", "--url", url, ...args, model);
      const { operations } = await run.start();
      const { count, errorsByCode } = operations["meet"]!;
      expect(errorsByCode, model).to.deep.equal({});
      expect(count, model).to.be.greaterThan(1);
    }
  });

  it("[M4] [M10] where the server asks newcomers for a puzzle, the run does not begin and says why", async () => {
    const server = await startServer({ PUZZLE: "on", LOG_LEVEL: "error" });
    const run = runOf("bottles", "--url", server.url, "--connections=3", "--warmup=0").start();
    const error = await run.then(
      () => null,
      (thrown: unknown) => thrown as Error,
    );
    await server.close();
    expect(error?.message).to.match(/puzzle_required: .*PUZZLE=off/);
  });

  it("[M10] a server that cannot keep up is SATURATED; one that can is not", async () => {
    const slow = await roomsAt(await fake({ slowMs: 20 }), "--rate=100", "--duration=1s");
    expect(slow.rate.achievedShare).to.be.lessThan(0.8);
    expect(slow.because.join()).to.include("of the offered rate was achieved");
    // What it had to wait for its turn is in the latency.
    expect(slow.operations["send"]!.latencyMs!.p90).to.be.greaterThan(400);
    const fast = await roomsAt(await fake(), "--rate=100", "--duration=3s");
    expect(fast.rate.achievedShare).to.be.at.least(0.9);
  });

  it("[M10] a run in which nothing was due says nothing of the server: INVALID", async () => {
    const args = ["--rate=0.1", "--duration=500ms", "--warmup=0", "--connections=2"];
    const { verdict, because } = await runOf("idle", "--url", await fake(), ...args).start();
    expect(verdict).to.equal("invalid");
    expect(because.at(-1)).to.equal("nothing was measured");
  });

  it("[M10] --find-max tries rates until one is not held", async function () {
    this.timeout(30_000);
    // One command in 10 ms: a hundred a second, less what a timer is late.
    const url = await fake({ slowMs: 10 });
    const args = ["--find-max", "--rate=80", "--duration=300ms"];
    const { rate, steps } = (await roomsAt(url, ...args)).findMax!;
    expect(steps.some(({ held }) => !held)).to.equal(true);
    expect(rate ?? 0).to.be.lessThan(115);
    expect(steps.find((step) => !step.held)!.why).not.to.equal("");
  });

  it("[M10] the command says how it ended: 99 with the first violations, and both reports", async function () {
    this.timeout(30_000);
    const folder = mkdtempSync(join(tmpdir(), "driftsea-load-test-"));
    const [json, html] = [join(folder, "r.json"), join(folder, "r.html")];
    const url = await fake({ loses: [1, 2, 3] });
    const args = ["--url", url, "--rate=30", "--duration=300ms", "--warmup=0", "--connections=20"];
    const { code, stdout } = await load("rooms", ...args, "--json", json, "--html", html).ended;
    expect(code).to.equal(99);
    expect(stdout).to.include("FAILED");
    expect(stdout.match(/^ {2}(gap|lost): /gm)).to.have.length(10);
    const report = JSON.parse(readFileSync(json, "utf8")) as Report;
    expect(report.verdict).to.equal("failed");
    const shape = new URL("../../report.schema.json", import.meta.url);
    const ajv = new Ajv2020();
    expect(
      ajv.validate(JSON.parse(readFileSync(shape, "utf8")), report),
      ajv.errorsText(),
    ).to.equal(true);
    expect(existsSync(html)).to.equal(true);
    rmSync(folder, { recursive: true });
  });

  it("[M10] exit codes: 1 for what was asked wrongly, 2 where nobody is, 0 where all was held", async function () {
    this.timeout(30_000);
    const fine = await fake();
    const dead = await startFakeServer();
    await dead.close();
    const quick = [
      "--rate=20",
      "--duration=300ms",
      "--warmup=0",
      "--connections=4",
      "--slo=errors<50%",
    ];
    const [wrong, nobody, help, held] = await Promise.all([
      load("rooms", "--rate=never", "--wat", "--url=http://198.51.100.1").ended,
      load("rooms", "--url", dead.url).ended,
      load("--help").ended,
      load("rooms", "--url", fine, "--quiet", ...quick).ended,
    ]);
    expect(wrong.code).to.equal(1);
    expect(wrong.stderr.trim().split("\n")).to.have.length(3);
    expect(nobody.code).to.equal(2);
    expect(nobody.stderr).to.include("ECONNREFUSED");
    expect(help.code).to.equal(0);
    // On a machine that is busy with other things it may be what was measured.
    const isBusy = /INVALID|SATURATED/.test(held.stdout);
    expect(held.code, held.stdout).to.equal(isBusy ? 99 : 0);
    expect(held.stderr, "quiet").to.equal("");
  });

  for (const signal of ["SIGINT", "SIGTERM"] as const)
    it(`[M10] ended by ${signal} to all its processes, it gives the report of what there is, and 130; plain lines where no terminal is`, async function () {
      this.timeout(30_000);
      const args = ["--rate=50", "--duration=1m", "--warmup=0", "--connections=4"];
      const run = load("rooms", "--url", await fake(), ...args);
      expect(await until(() => /of 60 s/.test(run.stderr()), 20_000), run.stderr()).to.equal(true);
      await pause(500);
      run.kill(signal);
      // As npm does, which passes on what all have had.
      run.kill(signal);
      const { code, stdout, stderr } = await run.ended;
      expect(code).to.equal(130);
      expect(stdout)
        .to.include("INTERRUPTED")
        .and.match(/^send +\d/m);
      expect(stderr).not.to.include("\r");
    });

  it("[M10] a search that is interrupted tells no rate that it did not try to its end", async function () {
    this.timeout(30_000);
    const run = runOf(
      "rooms",
      "--url",
      await fake(),
      "--connections=10",
      "--find-max",
      "--warmup=0",
    );
    run.onProgress = ({ doing }) => {
      if (doing === "running") run.interrupt();
    };
    const { verdict, findMax, rate, because } = await run.start();
    expect(verdict).to.equal("interrupted");
    expect(findMax).to.deep.equal({ steps: [], rate: null });
    expect(rate.achieved).to.be.below(1000);
    expect(because.join()).not.to.include("NaN");
  });

  it("[M10] a search that is interrupted before it begins has a report too", async () => {
    const run = runOf("rooms", "--url", await fake(), "--connections=10", "--find-max");
    run.interrupt();
    const { verdict, findMax, operations } = await run.start();
    expect(verdict).to.equal("interrupted");
    expect(findMax).to.deep.equal({ steps: [], rate: null });
    expect(Object.values(operations).every(({ count }) => count === 0)).to.equal(true);
  });

  it("[M10] told to end, it takes its server and Redis along; told twice, at once", async function () {
    this.timeout(60_000);
    needRedis(this);
    const ends = async (...signals: NodeJS.Signals[]): Promise<void> => {
      const args = ["--store=redis", "--duration=1m", "--warmup=0", "--connections=4"];
      const run = load("rooms", ...args);
      expect(await until(() => /of 60 s/.test(run.stderr()), 30_000), run.stderr()).to.equal(true);
      const started = childrenOf(run.pid).flatMap((pid) => [pid, ...childrenOf(pid)]);
      const all = started.flatMap((pid) => [pid, ...childrenOf(pid)]);
      const [redis] = all.filter((pid) => commandOf(pid)[0]?.includes("redis-server"));
      expect(redis, "its Redis").to.be.greaterThan(0);
      // To the command alone, as whoever looks after it sends it.
      for (const signal of signals) process.kill(run.pid, signal);
      expect((await run.ended).code).to.equal(130);
      expect(await until(() => all.every((pid) => usageOf(pid) === null), 15_000)).to.equal(true);
    };
    await Promise.all([ends("SIGHUP"), ends("SIGTERM", "SIGHUP")]);
  });

  it("[M10] a report that cannot be written is found out before the run begins", async () => {
    const reports = ["--json=/proc/no.json", "--html=/proc/no.html"];
    const run = load("rooms", "--url", await fake(), ...reports);
    const { code, stdout, stderr } = await run.ended;
    expect(code).to.equal(1);
    expect(stdout).to.equal("");
    const [json, html, ...more] = stderr.trim().split("\n");
    expect(json).to.include("--json /proc/no.json: cannot be written");
    expect(html).to.include("--html /proc/no.html: cannot be written");
    expect(more).to.deep.equal([]);
  });

  it("[M10] a run whose generator dies was not asked wrongly: it says so, and exits with 99", async function () {
    this.timeout(30_000);
    const args = ["--rate=50", "--duration=1m", "--warmup=0", "--connections=4"];
    const run = load("rooms", "--url", await fake(), ...args);
    expect(await until(() => /of 60 s/.test(run.stderr()), 20_000), run.stderr()).to.equal(true);
    for (const pid of childrenOf(run.pid))
      if (commandOf(pid).some((word) => word.endsWith("worker.ts"))) process.kill(pid, "SIGKILL");
    const { code, stderr } = await run.ended;
    expect(code).to.equal(99);
    expect(stderr).to.match(/^the run broke off: a process of the generator has ended$/m);
    expect(stderr).not.to.match(/^ +at /m);
  });

  it("[M10] a generator that stood still makes the run INVALID", async function () {
    this.timeout(30_000);
    const url = await fake();
    const args = ["--rate=50", "--duration=2s", "--warmup=0", "--connections=4"];
    const run = load("rooms", "--url", url, ...args);
    await until(() => run.stderr() !== "", 20_000);
    // It is stopped half of the time, over and over.
    let isStopped = false;
    const timer = setInterval(() => {
      run.kill(isStopped ? "SIGCONT" : "SIGSTOP");
      isStopped = !isStopped;
    }, 120);
    const { code, stdout } = await run.ended;
    clearInterval(timer);
    expect(stdout).to.match(/^INVALID: the generator: its event loop was \d+ ms late/m);
    expect(code).to.equal(99);
  });
});
