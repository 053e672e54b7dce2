import type { CircleId } from "@driftsea/protocol";
import { circleBase } from "../redis/circle-slot.ts";
import type { CodeHash } from "./circles.store.ts";

/** When he was first and last here. */
export const personKey = (prefix: string, id: CircleId): string =>
  `${circleBase(prefix, id)}:person`;
/** Friend → from|until|hash of the invite, for each time of friendship, the newest first, `;` between. */
export const friendsKey = (prefix: string, id: CircleId): string =>
  `${circleBase(prefix, id)}:friends`;
/** An invite: whose it is, how many uses are left, when it ends, and who has used it. */
export const inviteKey = (prefix: string, codeHash: CodeHash): string =>
  `${prefix}{ci:${codeHash}}`;
/** Links that are being made. */
export const linksKey = (prefix: string): string => `${prefix}{circles}:links`;
