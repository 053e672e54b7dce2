import { sha256 } from "../lib/sha256.ts";
import type { ModeratorId, ReviewId, Subject } from "./review.ts";

/** All of it lies in one slot: the queue is short, and what changes together must lie together. */
const key = (prefix: string, ...names: string[]): string => `${prefix}{review}:${names.join(":")}`;

export const itemKey = (prefix: string, id: ReviewId): string => key(prefix, "item", id);
export const subjectKey = (prefix: string, subject: Subject): string =>
  key(prefix, "of", subjectMark(subject));
export const noticeKey = (prefix: string, noticeId: string): string =>
  key(prefix, "notice", sha256("notice", noticeId));
export const queueKey = (prefix: string): string => key(prefix, "queue");
/** The same items, by when they are forgotten. */
export const endsKey = (prefix: string): string => key(prefix, "ends");
export const unsettledKey = (prefix: string): string => key(prefix, "unsettled");
export const actsKey = (prefix: string): string => key(prefix, "acts");
export const logKey = (prefix: string): string => key(prefix, "log");
export const controlKey = (prefix: string, moderator: ModeratorId): string =>
  key(prefix, "control", moderator);

/** Names a subject and does not lead to it. */
export const subjectMark = ({ kind, id, seq, side, isHeld }: Subject): string =>
  sha256("subject", kind, id, String(seq ?? ""), String(side ?? ""), isHeld ? "held" : "");
