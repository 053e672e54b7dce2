import { bottles } from "./bottles.ts";
import { connect } from "./connect.ts";
import { feed } from "./feed.ts";
import { idle } from "./idle.ts";
import { meets } from "./meets.ts";
import { loss, mixed, soak } from "./mixed.ts";
import { reconnect } from "./reconnect.ts";
import { rooms } from "./rooms.ts";
import type { Scenario } from "./scenario.ts";

export const SCENARIOS = {
  connect,
  idle,
  bottles,
  rooms,
  feed,
  meets,
  reconnect,
  mixed,
  loss,
  soak,
} satisfies Record<string, Scenario>;

export type ScenarioName = keyof typeof SCENARIOS;

export const scenarioOf = (name: ScenarioName): Scenario => SCENARIOS[name];
