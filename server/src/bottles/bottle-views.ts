import { publicCount } from "@driftsea/protocol";
import type { CaughtBottle, OwnBottle, Sea } from "@driftsea/protocol";
import type { Lease, Level, StoredBottle } from "./bottles.store.ts";

const MINUTE_MS = 60_000;
const SECOND_MS = 1000;

/** A bottle as its thrower sees it. A deadline counts from its instant on, swept or not. */
export function ownBottle(b: StoredBottle, now: number): OwnBottle {
  return {
    id: b.id,
    text: b.text,
    kind: b.kind,
    ...(b.mood === undefined ? {} : { mood: b.mood }),
    sea: b.sea,
    state: stateNow(b, now),
    found: b.hands,
    thrownAt: b.thrownAt,
    expiresAt: b.expiresAt,
    ...(b.sealedUntilAt === undefined ? {} : { sealedUntilAt: b.sealedUntilAt }),
    muted: b.muted,
    threadIds: b.threadIds,
  };
}

function stateNow(b: StoredBottle, now: number): OwnBottle["state"] {
  if (b.state === "recalled" || b.state === "answered") return b.state;
  if (b.expiresAt <= now) return b.threadIds.length > 0 ? "answered" : "expired";
  if (b.state === "sealed" && (b.sealedUntilAt ?? 0) <= now) return "afloat";
  return b.state;
}

const toMinute = (at: number): number => Math.ceil(at / MINUTE_MS) * MINUTE_MS;

/** When the one who holds it has to have answered; where its life ends before, not to the instant. */
export const leaseEndOf = ({ expiresAt }: StoredBottle, endsAt: number): number =>
  endsAt < expiresAt ? endsAt : toMinute(expiresAt);

/** A bottle as the one who holds it sees it: nothing in it leads to the thrower. */
export function caughtBottle(b: StoredBottle, lease: Lease): CaughtBottle {
  return {
    id: b.id,
    text: b.text,
    kind: b.kind,
    ...(b.mood === undefined ? {} : { mood: b.mood }),
    sea: b.sea,
    persona: lease.persona,
    expiresAt: toMinute(b.expiresAt),
  };
}

/** A sea's level as everybody may know it: not to the instant of the throw that it counts from. */
export function levelToWire({ afloat, silentAt }: Level): Pick<Sea, "afloat" | "deadlineAt"> {
  return {
    afloat: publicCount(afloat),
    ...(silentAt === null ? {} : { deadlineAt: Math.floor(silentAt / SECOND_MS) * SECOND_MS }),
  };
}
