import { Counter, Gauge, Histogram, Registry } from "prom-client";

/**
 * Counters for the operator. No label ever comes from what somebody typed. What each process knows of
 * the whole is not added up over them: such a gauge says so by its aggregator.
 */
export class Metrics {
  readonly registry = new Registry();
  readonly connections = new Gauge({
    name: "driftsea_connections",
    help: "Open connections of drifters",
    registers: [this.registry],
  });
  readonly rooms = new Gauge({
    name: "driftsea_rooms",
    help: "Rooms that somebody is in who is connected here",
    registers: [this.registry],
  });
  readonly #commands = new Counter({
    name: "driftsea_commands_total",
    help: "Commands answered, by command and outcome (ok or an error code)",
    labelNames: ["command", "outcome"] as const,
    registers: [this.registry],
  });
  readonly #commandSeconds = new Histogram({
    name: "driftsea_command_seconds",
    help: "Time from a command's arrival to its reply",
    labelNames: ["command"] as const,
    buckets: [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 1, 2.5],
    registers: [this.registry],
  });
  readonly ignored = new Counter({
    name: "driftsea_ignored_total",
    help: "Packets without an acknowledgement function, which are not answered",
    registers: [this.registry],
  });
  readonly refused = new Counter({
    name: "driftsea_refused_total",
    help: "Connections refused, by reason",
    labelNames: ["reason"] as const,
    registers: [this.registry],
  });
  readonly metered = new Counter({
    name: "driftsea_metered_total",
    help: "Connections closed for sending too much",
    registers: [this.registry],
  });
  readonly pushes = new Counter({
    name: "driftsea_pushes_total",
    help: "Empty messages to push services, by what became of them",
    labelNames: ["outcome"] as const,
    registers: [this.registry],
  });
  readonly puzzles = new Counter({
    name: "driftsea_puzzles_total",
    help: "Puzzles asked for, solved, and solutions refused",
    labelNames: ["outcome"] as const,
    registers: [this.registry],
  });
  readonly puzzleLevel = new Gauge({
    name: "driftsea_puzzle_level",
    help: "How hard a puzzle newcomers and throwers have to solve: 0 (none) to 3",
    aggregator: "max",
    registers: [this.registry],
  });
  readonly nodesSent = new Counter({
    name: "driftsea_nodes_sent_total",
    help: "Messages to other processes",
    registers: [this.registry],
  });
  readonly nodesDropped = new Counter({
    name: "driftsea_nodes_dropped_total",
    help: "Messages of other processes that were not believed, by reason",
    labelNames: ["reason"] as const,
    registers: [this.registry],
  });
  readonly nodesGaps = new Counter({
    name: "driftsea_nodes_gaps_total",
    help: "Times at which a message of another process was missing, and the stores were read instead",
    registers: [this.registry],
  });
  readonly reports = new Counter({
    name: "driftsea_reports_total",
    help: "Reports, by reason (other for what is not in the list)",
    labelNames: ["reason"] as const,
    registers: [this.registry],
  });
  readonly hidden = new Counter({
    name: "driftsea_hidden_total",
    help: "Things hidden pending review, by kind",
    labelNames: ["kind"] as const,
    registers: [this.registry],
  });
  readonly reviewWaiting = new Gauge({
    name: "driftsea_review_waiting",
    help: "Things that wait for a moderator",
    aggregator: "max",
    registers: [this.registry],
  });
  readonly reviewOldestSeconds = new Gauge({
    name: "driftsea_review_oldest_seconds",
    help: "How long the oldest of them has waited; 0 where nothing waits",
    aggregator: "max",
    registers: [this.registry],
  });
  readonly faults = new Counter({
    name: "driftsea_faults_total",
    help: "Faults of the server: replies with the code internal, and failed background work",
    registers: [this.registry],
  });
  readonly storeUp = new Gauge({
    name: "driftsea_store_up",
    help: "1 while the store answers",
    aggregator: "min",
    registers: [this.registry],
  });
  readonly storeSeconds = new Gauge({
    name: "driftsea_store_seconds",
    help: "How long the store took to answer when it was asked last",
    aggregator: "max",
    registers: [this.registry],
  });
  readonly storeFullness = new Gauge({
    name: "driftsea_store_fullness",
    help: "How full the store is of what it may take (maxmemory), 0 to 1; 0 where that has no bound",
    aggregator: "max",
    registers: [this.registry],
  });
  /** A labelled child is looked up by its labels each time: each is kept. */
  readonly #seconds = new Map<string, Histogram.Internal<"command">>();
  readonly #outcomes = new Map<string, Counter.Internal>();

  constructor() {
    // A counter that appears with its first event shows no increase by it.
    for (const reason of ["forged", "stale", "replayed"]) this.nodesDropped.inc({ reason }, 0);
    for (const outcome of ["asked", "solved", "refused"]) this.puzzles.inc({ outcome }, 0);
    // Nobody is served before it has answered.
    this.storeUp.set(1);
  }

  /** Asks the store for a sign of life; never rejects. */
  async askStore(ping: () => Promise<void>): Promise<void> {
    const askedAt = performance.now();
    const isUp = await ping().then(
      () => true,
      () => false,
    );
    this.storeUp.set(isUp ? 1 : 0);
    this.storeSeconds.set((performance.now() - askedAt) / 1000);
  }

  /** One command was answered after `ms`. */
  answered(command: string, outcome: string, ms: number): void {
    let seconds = this.#seconds.get(command);
    if (!seconds) this.#seconds.set(command, (seconds = this.#commandSeconds.labels(command)));
    seconds.observe(ms / 1000);
    const name = `${command} ${outcome}`;
    let count = this.#outcomes.get(name);
    if (!count) this.#outcomes.set(name, (count = this.#commands.labels(command, outcome)));
    count.inc();
  }
}
