import type { RoomId } from "@driftsea/protocol";
import { serverNow } from "../connection.ts";

/** The longest that a browser's timer can wait, in ms. */
const TIMER_MAX_MS = 2 ** 31 - 1;

const timers = new Map<RoomId, Map<string, ReturnType<typeof setTimeout>>>();
/** Does something at an instant in the server's clock, unless the room ends before. */
export function at(id: RoomId, name: string, when: number, act: () => void): void {
  const own = timers.get(id) ?? new Map<string, ReturnType<typeof setTimeout>>();
  timers.set(id, own);
  clearTimeout(own.get(name));
  const waitMs = Math.max(0, when - serverNow());
  const wake = (): void => (serverNow() >= when ? act() : at(id, name, when, act));
  own.set(name, setTimeout(wake, Math.min(waitMs, TIMER_MAX_MS)));
}

export function stopTimers(id: RoomId): void {
  for (const timer of timers.get(id)?.values() ?? []) clearTimeout(timer);
  timers.delete(id);
}
