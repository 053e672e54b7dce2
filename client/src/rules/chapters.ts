import type { SeaRules } from "@driftsea/protocol";
import type { TextKey } from "../i18n/index.ts";

/** A sentence of the rules; `{ ms }` is a span of time. */
export interface Statement {
  key: TextKey;
  values?: Record<string, number | { ms: number }>;
}
export interface Chapter {
  title: TextKey;
  says: readonly Statement[];
}

/** What is done with what, said out of the server's own settings, and nothing besides. */
export function chaptersOf(rules: SeaRules): Chapter[] {
  const { minAge, aDay, lifeMs } = rules;
  const span = (name: keyof SeaRules["lifeMs"]): { ms: number } => ({ ms: lifeMs[name] });
  const when = (isSo: boolean, ...says: Statement[]): Statement[] => (isSo ? says : []);
  const isBounded = aDay.secrets !== null && aDay.comments !== null;
  return [
    {
      title: "rulesWho",
      says: [
        minAge > 0 ? { key: "saysAge", values: { age: minAge } } : { key: "saysNoAge" },
        { key: "saysNotHere" },
      ],
    },
    {
      title: "rulesWords",
      says: [
        { key: "saysBottle", values: { life: span("bottle"), after: span("afterBottle") } },
        { key: "saysThrows", values: { throws: aDay.throws, catches: aDay.catches } },
        { key: "saysLease", values: { lease: span("lease") } },
        ...when(lifeMs.sea > 0, { key: "saysSea", values: { silence: span("sea") } }),
        { key: "saysThread", values: { life: span("thread") } },
        {
          key: "saysRoom",
          values: { life: span("room"), idle: span("idleRoom"), backlog: rules.roomBacklog },
        },
        { key: "saysTree", values: { silence: span("hole") } },
        { key: "saysSecret", values: { life: span("secret") } },
        ...when(isBounded, {
          key: "saysSecrets",
          values: { secrets: aDay.secrets ?? 0, comments: aDay.comments ?? 0 },
        }),
        { key: "saysBox", values: { life: span("box") } },
      ],
    },
    {
      title: "rulesYou",
      says: [
        { key: "saysKey", values: { life: span("session") } },
        { key: "saysMasks" },
        { key: "saysCircle", values: { k: rules.circleK } },
        ...(rules.placeMinPeople === null
          ? []
          : [{ key: "saysPlace" as const, values: { people: rules.placeMinPeople } }]),
        { key: "saysAddress" },
        { key: "saysBlocks", values: { life: span("block") } },
        { key: "saysNever" },
      ],
    },
    {
      title: "rulesEyes",
      says: [
        { key: "saysReaders" },
        { key: "saysOperator" },
        { key: "saysScreened" },
        { key: rules.classifier ? "saysClassifier" : "saysNoClassifier" },
        ...when(rules.namesHeld, { key: "saysNamesHeld" }),
        { key: "saysReports", values: { life: span("report") } },
        { key: rules.moderators ? "saysModerators" : "saysNoModerators" },
      ],
    },
    {
      title: "rulesRough",
      says: [
        ...when(rules.puzzle === "on", { key: "saysPuzzle" }),
        ...when(rules.puzzle === "auto", { key: "saysPuzzleAuto" }),
        { key: "saysCare" },
      ],
    },
    {
      title: "rulesNot",
      says: [
        { key: "saysPhotograph" },
        { key: "saysStranger" },
        { key: "saysStyle" },
        { key: "saysDisk" },
      ],
    },
  ];
}
