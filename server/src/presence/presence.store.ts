import type { NodeId } from "./node-id.ts";

/**
 * Which processes are alive. Each beats at least once a second; one that has not for a while is dead,
 * and those whom it served have been away since its last beat (B12).
 */
export interface PresenceStore {
  /** True where it was not known: at its first beat, or after others took it for dead. */
  beat(node: NodeId): Promise<boolean>;
  /** All that are known, with the time of their last beat in ms since 1970, the oldest first. */
  known(): Promise<{ node: NodeId; lastBeatAt: number }[]>;
  /** It has ended, and its leases are looked after. */
  remove(node: NodeId): Promise<void>;
}

/** With everything in one process, nothing is left to look after when it dies. */
export const noPresence: PresenceStore = {
  beat: async () => false,
  known: async () => [],
  remove: async () => {},
};
