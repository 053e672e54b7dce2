import type { BottleId, RoomId, SecretId, ThreadId } from "@driftsea/protocol";
import type { Holder, Holders } from "../review/holders.ts";
import type { Services } from "../transport/handlers.ts";

export type HolderParts = Pick<Services, "bottles" | "threads" | "rooms" | "hole" | "feed">;

/** How each kind of thing that can be reported is taken out of sight and brought back. */
export function holdersOf({ bottles, threads, rooms, hole, feed }: HolderParts): Holders {
  const bottle: Holder = {
    canHide: () => true,
    hide: ({ id }) => bottles.hide(id as BottleId, true),
    restore: ({ id }) => bottles.hide(id as BottleId, false),
    remove: ({ id }) => bottles.remove(id as BottleId),
    author: ({ id }) => bottles.authorOf(id as BottleId),
  };
  const letter: Holder = {
    canHide: () => true,
    hide: ({ id }) => hole.veil(id, "hide"),
    restore: ({ id }) => hole.veil(id, "restore"),
    remove: ({ id }) => hole.veil(id, "remove"),
    author: ({ id }) => hole.writerOf(id),
  };
  // Of two people: what is said between them stays there, and who should not have said it goes.
  const thread: Holder = {
    canHide: () => false,
    hide: async () => {},
    restore: async () => {},
    remove: async ({ id, side }) => threads.putOut(id as ThreadId, side ?? 0),
    author: ({ id, side }) => threads.authorOf(id as ThreadId, side ?? 0),
  };
  const room: Holder = {
    // A whole room is looked at where it is.
    canHide: ({ seq }) => seq !== undefined,
    hide: async ({ id, seq }) => void (await rooms.veil(id as RoomId, seq!, "hide")),
    restore: async ({ id, seq }) => {
      if (seq !== undefined) await rooms.veil(id as RoomId, seq, "restore");
    },
    remove: async ({ id, seq }) => {
      if (seq === undefined) await rooms.remove(id as RoomId);
      else await rooms.veil(id as RoomId, seq, "remove");
    },
    author: async ({ id, seq }) =>
      seq === undefined ? null : rooms.veil(id as RoomId, seq, "look"),
  };
  // Nobody knows who wrote it: whoever holds its key is told.
  const secret: Holder = {
    canHide: () => true,
    hide: ({ id, seq }) => feed.veil(id as SecretId, seq ?? null, "hide"),
    restore: ({ id, seq }) => feed.veil(id as SecretId, seq ?? null, "restore"),
    remove: ({ id, seq }) => feed.veil(id as SecretId, seq ?? null, "remove"),
    author: async () => null,
    tell: ({ id, seq }, verdict, payload) =>
      feed.tellAuthor(id as SecretId, seq ?? null, verdict, payload),
  };
  return { bottle, letter, thread, room, secret, comment: secret };
}
