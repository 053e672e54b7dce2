import { signal } from "@preact/signals";
import type { ReadonlySignal } from "@preact/signals";
import { putParts } from "./parts.ts";

export type Arrival<T> = { is: "away" } | { is: "failed"; times: number } | { is: "here"; it: T };

/** A part of the page that is fetched when somebody goes there. */
export interface Late<T> {
  arrival: ReadonlySignal<Arrival<T>>;
  /** Null where it could not be fetched. Safe to repeat. */
  load: () => Promise<T | null>;
  /** Null while it is not here. */
  now: () => T | null;
}

function late<T>(fetchIt: () => Promise<T>): Late<T> {
  const arrival = signal<Arrival<T>>({ is: "away" });
  let coming: Promise<T | null> | null = null;
  const now = (): T | null =>
    arrival.peek().is === "here" ? (arrival.peek() as { it: T }).it : null;
  const load = async (): Promise<T | null> => {
    try {
      const it = await fetchIt();
      arrival.value = { is: "here", it };
      return it;
    } catch {
      const before = arrival.peek();
      arrival.value = { is: "failed", times: before.is === "failed" ? before.times + 1 : 1 };
      return null;
    } finally {
      coming = null;
    }
  };
  return { arrival, now, load: () => (now() ? Promise.resolve(now()) : (coming ??= load())) };
}

/** What lies on one's shelf, and what the line brings up where that is no bottle. */
export const lateBottles = late(() => import("./bottles/index.ts"));
export const lateRooms = late(() => import("./rooms/index.ts"));
export const lateFeed = late(() => import("./feed/index.ts"));
export const lateAsks = late(() => import("./asks/index.ts"));
export const lateHole = late(() => import("./hole/index.ts"));
export const lateSafety = late(() => import("./safety/index.ts"));
export const lateCare = late(() => import("./care/index.ts"));
/** What is done with what is known where it stands. */
export const lateRules = late(async () => {
  const rules = await import("./rules/index.ts");
  await rules.readRules();
  return rules;
});
/** For what is sealed here before it goes out. */
export const lateScreener = late(async () => (await import("./safety/screener.ts")).makeScreener());
/** Two who meet sit in a room: what is told of rooms must be heard as well. */
export const lateMeets = late(async () => {
  const [meets, rooms] = await Promise.all([import("./meets/index.ts"), lateRooms.load()]);
  if (!rooms) throw new Error("the rooms could not be fetched");
  meets.resume();
  return meets;
});
/** What is of use when all is there: the files of the page are kept. */
export const lateShell = late(() => import("./shell/index.ts"));
putParts({
  safety: lateSafety,
  care: lateCare,
  rules: lateRules,
  screener: lateScreener,
});
