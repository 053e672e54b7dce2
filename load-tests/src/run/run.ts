import { customAlphabet } from "nanoid";
import { Ledger } from "../ledger/ledger.ts";
import { now } from "../measure/clock.ts";
import { generatorFaults, noLoad } from "../measure/generator.ts";
import { memorySlope } from "../measure/memory-slope.ts";
import { addMeasured, emptyMeasured } from "../measure/operations.ts";
import { usagesOf } from "../measure/process-usage.ts";
import { Timeline } from "../measure/timeline.ts";
import type { Point } from "../measure/timeline.ts";
import { Client, PUZZLE_ASKED, PUZZLE_HINT } from "../net/client.ts";
import { socketUrl } from "../net/target.ts";
import { judge } from "../report/objectives.ts";
import { NAMED, SCHEMA, machine, operationReport } from "../report/report.ts";
import type { Report, Step, Verdict } from "../report/report.ts";
import { scenarioOf } from "../scenarios/index.ts";
import { GeneratorError, ScenarioError, Workers } from "./crew.ts";
import type { RoundResult } from "./crew.ts";
import { achievedShare } from "./dispatch.ts";
import { findMax } from "./find-max.ts";
import { UnreachableError, startOwnServer } from "./own-server.ts";
import type { OwnServer } from "./own-server.ts";
import { durationOf } from "./plan.ts";
import type { Stage } from "./plan.ts";
import type { Settings } from "./settings.ts";
import { until } from "./together.ts";

/** Below this share of the offered rate a server is saturated. */
export const SATURATED_BELOW = 0.98;
/**
 * Longest wait at the end for what was acknowledged, in ms: what a server could not tell while its store was away
 * it tells within nine seconds of its return.
 */
const OWED_WITHIN_MS = 15_000;
/** From the order to the beginning of a round, so that all processes have it, in ms. */
const LEAD_MS = 50;
const SECOND_MS = 1000;
/** Names a run in what it writes; without vowels it holds no word that a server would refuse. */
const newRunId = customAlphabet("bcdfghjkmnpqrtz", 10);

/** What is shown while a run goes on. */
export interface Progress {
  doing: "starting" | "connecting" | "running" | "settling";
  elapsedMs: number;
  totalMs: number;
  point: Point | null;
  broken: number;
}

/** One run, from the start of a server to the report. */
export class Run {
  readonly #settings: Settings;
  readonly #ledger = new Ledger();
  readonly #timeline = new Timeline();
  onProgress: (progress: Progress) => void = () => {};
  #workers: Workers | null = null;
  #server: OwnServer | null = null;
  #url: URL | null = null;
  #doing: Progress["doing"] = "starting";
  #roundAt = now();
  /** Why the scenario could not be ended, where it could not: what was measured is told all the same. */
  #brokenOff: string | null = null;
  #isInterrupted = false;
  #interrupted: () => void = () => {};
  readonly #onInterrupt = new Promise<void>((done) => (this.#interrupted = done));

  constructor(settings: Settings) {
    this.#settings = settings;
  }

  /** The server that the run started, while it runs. */
  get serverPid(): number | null {
    return this.#server?.pid ?? null;
  }

  /** Ends the run; its report is that of what was measured until then. */
  interrupt(): void {
    this.#isInterrupted = true;
    this.#workers?.stop();
    this.#interrupted();
  }

  /**
   * @throws UnreachableError where there is no server with which the scenario can begin; ScenarioError and
   * GeneratorError where it breaks off before anything was measured to its end.
   */
  async start(): Promise<Report> {
    const startedAt = new Date().toISOString();
    const timer = setInterval(() => this.#second(), SECOND_MS);
    const cpu = process.cpuUsage();
    const cpuSince = now();
    try {
      this.#url = await this.#reach();
      const result = await this.#measure(this.#url);
      const { user, system } = process.cpuUsage(cpu);
      const cpuMs = (user + system) / 1000 + this.#workers!.cpuMs;
      const cpuPercent = (cpuMs / (now() - cpuSince)) * 100;
      return this.#report(startedAt, result, cpuPercent);
    } finally {
      clearInterval(timer);
      await this.#workers?.leave();
      await this.#server?.stop();
      this.#server = null;
    }
  }

  async #reach(): Promise<URL> {
    const { url, store, scenario, processes } = this.#settings;
    if (url === null) {
      const { server: settings } = scenarioOf(scenario);
      this.#server = await startOwnServer({ settings, store, processes });
      return this.#server.url;
    }
    try {
      const ears = { event: () => {}, lost: () => {} };
      const client = await Client.connect({ url: socketUrl(url), auth: { protocol: 1 } }, ears);
      client.close();
    } catch (error) {
      throw new UnreachableError(`${url.href}: ${(error as Error).message}`);
    }
    return url;
  }

  async #measure(url: URL): Promise<{ round: RoundResult; steps: Step[] | null }> {
    const { scenario, connections, workers, payload, size } = this.#settings;
    const assignment = { scenario, runId: newRunId(), url: url.href, connections, payload, size };
    this.#workers = new Workers(workers, assignment, this.#ledger);
    this.#workers.onSecond = (seconds) => {
      if (this.#doing !== "connecting") this.#timeline.add(seconds);
    };
    this.#doing = "connecting";
    const connected = await this.#prepare(this.#workers);
    this.#doing = "running";
    const { round, steps } = await this.#rounds();
    // The last second of it, which has not ended, and what was told since.
    this.#second();
    this.#doing = "settling";
    const isPaid = (): boolean => this.#ledger.owed === 0;
    await Promise.race([until(isPaid, OWED_WITHIN_MS), this.#onInterrupt]);
    if (!this.#isInterrupted) {
      const settled = this.#settle(this.#workers);
      settled.catch(() => {});
      const operations = await Promise.race([settled, this.#onInterrupt.then(() => null)]);
      // The highest rate that held need not have been the last that was tried.
      if (!steps && operations) round.operations = operations;
    }
    addMeasured((round.operations["connect"] ??= emptyMeasured()), connected);
    return { round, steps };
  }

  async #settle(workers: Workers): Promise<RoundResult["operations"] | null> {
    try {
      return await workers.settle();
    } catch (error) {
      if (!(error instanceof ScenarioError || error instanceof GeneratorError)) throw error;
      this.#brokenOff = error.message;
      return null;
    }
  }

  async #prepare(workers: Workers) {
    const prepared = workers.prepare();
    prepared.catch(() => {});
    try {
      await Promise.race([prepared, this.#onInterrupt]);
      if (this.#isInterrupted) return emptyMeasured();
      const connected = await prepared;
      const codes = Object.keys(connected.errors);
      if (connected.latency.count === 0 && codes.length > 0)
        throw new UnreachableError(
          `nobody was let in: ${codes.join(", ")}` +
            (codes.includes(PUZZLE_ASKED) ? `; ${PUZZLE_HINT}` : ""),
        );
      return connected;
    } catch (error) {
      if (!(error instanceof ScenarioError)) throw error;
      const { scenario } = this.#settings;
      throw new UnreachableError(`${scenario} cannot begin with this server: ${error.message}`);
    }
  }

  async #rounds(): Promise<{ round: RoundResult; steps: Step[] | null }> {
    const { stages, rampMs, warmupMs } = this.#settings;
    if (!this.#settings.findMax)
      return { round: await this.#round(stages, rampMs, warmupMs), steps: null };
    const [first] = stages;
    let unfinished = emptyRound(stages);
    const { round, steps } = await findMax(first!.rate, async (rate) => {
      if (this.#isInterrupted) return null;
      const each = await this.#round([{ durationMs: first!.durationMs, rate }], rampMs, warmupMs);
      if (this.#isInterrupted) {
        unfinished = each;
        return null;
      }
      const faults = this.#faults(each);
      return { round: each, achievedShare: achievedShare(each.arrivals), faults };
    });
    return { round: round ?? unfinished, steps };
  }

  async #round(stages: readonly Stage[], rampMs: number, warmupMs: number): Promise<RoundResult> {
    const startAt = now() + LEAD_MS;
    this.#roundAt = startAt;
    const round = { startAt, stages, rampMs, warmupMs, closed: this.#settings.closed };
    if (this.#isInterrupted) return emptyRound(stages);
    const killAfterMs = LEAD_MS + rampMs + warmupMs + durationOf(stages) / 2;
    const kill = scenarioOf(this.#settings.scenario).kills
      ? setTimeout(() => this.#kill(), killAfterMs)
      : undefined;
    return this.#workers!.run(round).finally(() => clearTimeout(kill));
  }

  /** Whoever of the server's processes began first. */
  #kill(): void {
    const [victim] = this.#server!.workers();
    if (victim !== undefined) process.kill(victim, "SIGKILL");
  }

  #second(): void {
    const server = this.#server;
    // What is asked for at the end is more than the run asked for, and no part of it.
    const point =
      this.#doing === "settling"
        ? null
        : this.#timeline.close(
            now(),
            usagesOf(server ? server.workers() : []),
            usagesOf(server?.redisPid == null ? [] : [server.redisPid]),
          );
    const { rampMs, warmupMs } = this.#settings;
    this.onProgress({
      doing: this.#doing,
      elapsedMs: now() - this.#roundAt,
      totalMs: rampMs + warmupMs + durationOf(this.#settings.stages),
      point,
      broken: this.#ledger.broken,
    });
  }

  /** Why this rate was not held. */
  #faults(round: RoundResult): { verdict: Verdict; because: string[] } {
    const { objectives, closed } = this.#settings;
    const because = generatorFaults(round.generator).map((fault) => `the generator: ${fault}`);
    if (round.arrivals.offered === 0) because.push("nothing was measured");
    let verdict: Verdict = because.length > 0 ? "invalid" : "held";
    const share = achievedShare(round.arrivals);
    if (!closed && share < SATURATED_BELOW) {
      const rate = Math.max(...round.stages.map((stage) => stage.rate));
      const percent = (share * 100).toFixed(1);
      because.push(`${percent} % of the offered rate was achieved (up to ${rate} a second)`);
      if (verdict === "held") verdict = "saturated";
    }
    for (const objective of objectives) {
      const { text, held, measured } = judge(objective, round.operations);
      if (held) continue;
      because.push(`${text} was not kept: ${Number(measured.toPrecision(4))}`);
      if (verdict === "held") verdict = "failed";
    }
    return { verdict, because };
  }

  #report(
    startedAt: string,
    { round, steps }: { round: RoundResult; steps: Step[] | null },
    cpuPercent: number,
  ): Report {
    const { scenario, connections, workers, processes, payload, size } = this.#settings;
    const { stages, rampMs, warmupMs, closed } = this.#settings;
    const audit = this.#ledger.audit(this.#isInterrupted);
    const best = steps?.findLast(({ held }) => held)?.rate ?? null;
    let { verdict, because } = this.#faults(round);
    if (steps && best === null) verdict = verdict === "held" ? "failed" : verdict;
    if (audit.count > 0) {
      verdict = "failed";
      because = [`${audit.count} invariants were broken`, ...because];
    }
    if (this.#brokenOff !== null) {
      verdict = "failed";
      because = [`the run broke off at its end: ${this.#brokenOff}`, ...because];
    }
    if (this.#isInterrupted) {
      verdict = "interrupted";
      because = ["it was interrupted", ...because];
    }
    const seconds = Math.max(0.001, round.measuredS);
    const { offered, inTime } = round.arrivals;
    const share = achievedShare(round.arrivals);
    return {
      schema: SCHEMA,
      verdict,
      because,
      scenario,
      url: this.#url!.href,
      ownServer: this.#server !== null,
      startedAt,
      settings: {
        connections,
        workers,
        processes: this.#server ? processes : null,
        payload,
        size,
        model: closed ? "closed" : "open",
        stages: stages.map(({ durationMs, rate }) => ({ durationMs, rate })),
        rampMs,
        warmupMs,
      },
      machine: machine(),
      rate: {
        offered: closed ? null : offered / seconds,
        achieved: (closed ? inTime : share * offered) / seconds,
        achievedShare: share,
      },
      generator: { ...round.generator, cpuPercent },
      operations: Object.fromEntries(
        Object.entries(round.operations).map(([name, each]) => [name, operationReport(each)]),
      ),
      objectives: this.#settings.objectives.map((each) => judge(each, round.operations)),
      invariants: { broken: audit.count, first: audit.violations.slice(0, NAMED) },
      findMax: steps && { steps, rate: best },
      memorySlope: memorySlope(this.#timeline.points),
      timeline: this.#timeline.points,
    };
  }
}

function emptyRound(stages: readonly Stage[]): RoundResult {
  const arrivals = { offered: 0, completed: 0, inTime: 0 };
  return { operations: {}, arrivals, generator: noLoad(), stages, measuredS: 0 };
}
