import type { Logger } from "pino";
import type { Registry } from "prom-client";
import type { DrifterId } from "@driftsea/protocol";
import type { Config } from "../config.ts";
import { Care } from "./care.ts";
import { Classifier } from "./classifier.ts";
import { Lists } from "./lists.ts";
import type { Reviewers } from "./reviewers.ts";
import { ScreeningMetrics } from "./screening.metrics.ts";
import { ScreeningService } from "./screening.service.ts";
import type { ScreeningStore } from "./screening.store.ts";

export interface ScreeningSetting {
  config: Pick<
    Config,
    | "screenLists"
    | "classifierUrl"
    | "classifierTimeoutMs"
    | "classifierWhenAway"
    | "namesHeld"
    | "rateLimits"
  >;
  registry: Registry;
  logger: Logger;
}

export interface ScreeningNeeds {
  store: ScreeningStore;
  reviewers: Reviewers;
  isNewcomer: (drifter: DrifterId) => Promise<boolean>;
  onUnsettled: (error: unknown) => void;
}

/**
 * Screening as the settings ask for it: the lists, and what can be made once there is somebody to look at
 * texts. @throws OperatorError where the word lists cannot be used.
 */
export async function openScreening({ config, registry, logger }: ScreeningSetting): Promise<{
  lists: Lists;
  care: Care;
  create: (needs: ScreeningNeeds) => ScreeningService;
}> {
  const metrics = new ScreeningMetrics(registry);
  const lists = await Lists.open({
    folder: config.screenLists,
    onLoaded: (words) => {
      metrics.words.set(words);
      logger.info({ words, folder: config.screenLists }, "word lists are in force");
    },
    onFault: (fault) => {
      metrics.listFaults.inc();
      logger.error({ fault }, "a word list cannot be used; the lists before it stay");
    },
  });
  const classifier =
    config.classifierUrl === null
      ? null
      : new Classifier({
          url: config.classifierUrl,
          timeoutMs: config.classifierTimeoutMs,
          onOutcome: (outcome) => metrics.classifier.inc({ outcome }),
          onOpen: (isOpen) => {
            metrics.classifierOpen.set(isOpen ? 1 : 0);
            logger.warn(isOpen ? "the classifier is away" : "the classifier is back");
          },
        });
  const care = new Care(() => lists.screener);
  const create = (needs: ScreeningNeeds): ScreeningService =>
    new ScreeningService({
      ...needs,
      care,
      classifier,
      whenAway: config.classifierWhenAway,
      namesHeld: config.namesHeld,
      // Who measures writes the same again and again.
      countsRepeats: config.rateLimits,
      metrics,
    });
  return { lists, care, create };
}
