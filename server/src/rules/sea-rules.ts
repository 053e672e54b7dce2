import type { SeaRules } from "@driftsea/protocol";
import type { Config } from "../config.ts";

type Bound = "secrets" | "comments";
/** How long things are kept that no setting says. */
type Kept = Pick<
  SeaRules["lifeMs"],
  "session" | "afterBottle" | "thread" | "secret" | "box" | "report" | "block"
>;

export interface RulesParts {
  config: Config;
  allowances: Record<Bound, number>;
  kept: Kept;
  hasModerators: () => Promise<boolean>;
}

const bounded = (count: number): number | null => (Number.isFinite(count) ? count : null);

/** What is done with what, as this server really runs. */
export async function seaRules(parts: RulesParts): Promise<SeaRules> {
  const { config, allowances, kept, hasModerators } = parts;
  const moderators = await hasModerators();
  return {
    minAge: config.minAge,
    aDay: {
      throws: config.throwsPerDay,
      catches: config.catchesPerDay,
      secrets: bounded(allowances.secrets),
      comments: bounded(allowances.comments),
    },
    lifeMs: {
      ...kept,
      bottle: config.bottleLifeMs,
      lease: config.leaseMs,
      room: config.roomMaxLifetimeMs,
      idleRoom: config.roomIdleCapMs,
      hole: config.holeSilenceMs,
      sea: config.seaSilenceMs,
    },
    roomBacklog: config.roomBacklog,
    circleK: config.circleK,
    placeMinPeople: config.places.length > 0 ? config.placeMinPeople : null,
    classifier: config.classifierUrl !== null,
    // Without anybody to look at them they wait for nobody.
    namesHeld: config.namesHeld && moderators,
    moderators,
    puzzle: config.puzzle,
    helpLines: config.helpLines,
  };
}
