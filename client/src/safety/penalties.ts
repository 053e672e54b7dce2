import { signal } from "@preact/signals";
import type { Penalty } from "@driftsea/protocol";
import { serverNow } from "../connection.ts";
import type { Heard } from "../events.ts";
import { t } from "../i18n/index.ts";
import type { TextKey } from "../i18n/index.ts";
import { route } from "../route.ts";
import { say } from "../say.ts";
import "./texts.ts";

/** What is closed to whoever is here, until when, and why. */
export const closed = signal<readonly Penalty[]>([]);

/** Who let three bottles lie catches creatures for an hour: nothing is closed to him (B13). */
export const isOfLapses = ({ reason }: Penalty): boolean => reason === "lapsed-leases";

const running = (): Penalty[] => closed.peek().filter((one) => one.untilAt > serverNow());

/** The longest that a browser's timer can wait, in ms. */
const TIMER_MAX_MS = 2 ** 31 - 1;
let timer: ReturnType<typeof setTimeout> | undefined;
/** Each goes by itself when its time is over. */
closed.subscribe((all) => {
  clearTimeout(timer);
  if (all.length === 0) return;
  const waitMs = Math.max(0, Math.min(...all.map((one) => one.untilAt)) - serverNow()) + 50;
  timer = setTimeout(() => (closed.value = running()), Math.min(waitMs, TIMER_MAX_MS));
});

const KNOWN_FUNCTIONS = new Set(["throw", "catch", "talk", "comment", "meet", "report", "all"]);
const KNOWN_REASONS = new Set(["spam", "sexual", "harassment", "threat", "minor", "personal-data"]);

/** Why something was hidden or closed, in the reader's words. */
export const whyOf = (reason: string): string =>
  t(`why_${KNOWN_REASONS.has(reason) ? reason : "other"}` as TextKey);

export const wordsOf = ({ function: name, reason }: Penalty): { what: string; why: string } => ({
  what: t(`closed_${KNOWN_FUNCTIONS.has(name) ? name : "all"}` as TextKey),
  why: whyOf(reason),
});

function tell(one: Penalty): void {
  if (isOfLapses(one)) return say({ key: "penalty", values: { time: one.untilAt } }, 20_000);
  say({ key: "closedSaying", values: { ...wordsOf(one), time: one.untilAt } }, 20_000);
}

/** Whether it is closed just now; then whoever tries is told until when, and why. */
export function isClosed(name: string): boolean {
  const one = running().find(
    (each) => (each.function === name || each.function === "all") && !isOfLapses(each),
  );
  if (one) tell(one);
  return one !== undefined;
}

/** What writing at a place is. */
function functionAt(place: string): string {
  if (place === "throw") return "throw";
  const isOfOthers = /^(secret$|comment:|ask:)/.test(place) || route.peek().sheet === "box";
  return isOfOthers ? "comment" : "talk";
}
/** To say how one sees it is open to everybody. */
export const isWritingClosed = (place: string): boolean =>
  !place.startsWith("appeal:") && isClosed(functionAt(place));

/** The end of one penalty, told twice, differs by less than this, in ms. */
const NEAR_MS = 5000;
/** Refused, of which this page had not heard. */
export function refusedAsClosed(reason: string, retryAfterMs: number): void {
  const untilAt = serverNow() + retryAfterMs;
  const known = running().find((one) => Math.abs(one.untilAt - untilAt) < NEAR_MS);
  tell(known ?? { function: "all", untilAt, reason });
}

export const heardOfPenalties: Heard = {
  "session:penalty": (penalty) => {
    const others = running().filter((one) => one.function !== penalty.function);
    closed.value = [...others, penalty];
    tell(penalty);
  },
  "session:ready": (ready) => {
    closed.value = (ready as { penalties?: Penalty[] }).penalties ?? [];
  },
};
