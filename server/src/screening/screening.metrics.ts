import { Counter, Gauge } from "prom-client";
import type { Registry } from "prom-client";
import type { ScreenedPlace } from "@driftsea/protocol";
import type { ScreenVerdict } from "@driftsea/protocol/screening";

/** What the operator sees of screening: how much, never what. */
export class ScreeningMetrics {
  readonly #screened: Counter<"where" | "verdict">;
  /** A labelled child is looked up by its labels each time: each is kept. */
  readonly #screenedAs = new Map<string, Counter.Internal>();
  readonly repeats: Counter<"where">;
  readonly care: Counter<"where">;
  readonly classifier: Counter<"outcome">;
  readonly classifierOpen: Gauge;
  readonly words: Gauge;
  readonly listFaults: Counter;

  constructor(registry: Registry) {
    const registers = [registry];
    this.#screened = new Counter({
      name: "driftsea_screened_total",
      help: "Texts screened, by where they were to stand and what was said of them",
      labelNames: ["where", "verdict"],
      registers,
    });
    this.repeats = new Counter({
      name: "driftsea_repeats_total",
      help: "Texts refused because several others had written nearly the same, by where",
      labelNames: ["where"],
      registers,
    });
    this.care = new Counter({
      name: "driftsea_care_total",
      help: "Texts with words of crisis, by where",
      labelNames: ["where"],
      registers,
    });
    this.classifier = new Counter({
      name: "driftsea_classifier_total",
      help: "Texts for the outside classifier: answered, late, failed, malformed, or skipped",
      labelNames: ["outcome"],
      registers,
    });
    this.classifierOpen = new Gauge({
      name: "driftsea_classifier_open",
      help: "1 while the outside classifier is away and is not asked",
      aggregator: "max",
      registers,
    });
    this.words = new Gauge({
      name: "driftsea_screen_words",
      help: "Entries of the word lists in force",
      aggregator: "max",
      registers,
    });
    this.listFaults = new Counter({
      name: "driftsea_screen_list_faults_total",
      help: "Word lists that could not be used when they had changed",
      registers,
    });
  }

  /** A text for this place was answered so. */
  screened(where: ScreenedPlace, verdict: ScreenVerdict): void {
    const name = `${where} ${verdict}`;
    let count = this.#screenedAs.get(name);
    if (!count) this.#screenedAs.set(name, (count = this.#screened.labels(where, verdict)));
    count.inc();
  }
}
