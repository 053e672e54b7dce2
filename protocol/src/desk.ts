/*
 * What the moderators' page asks: `POST /desk/api/<verb>`, a JSON body, `Authorization: Bearer` with the
 * token of `sign-in`, and a `Reply` as the answer. Not for drifters.
 */

export const DESK_DECISIONS = ["keep", "remove", "remove-and-penalise"] as const;
export type DeskDecision = (typeof DESK_DECISIONS)[number];

export const DESK_REASONS = [
  "spam",
  "sexual",
  "harassment",
  "threat",
  "minor",
  "personal-data",
  "care",
  "rules-not-broken",
  "mistake",
  "other",
] as const;
export type DeskReason = (typeof DESK_REASONS)[number];

/** The most urgent first. */
export const DESK_URGENCIES = ["care", "threat", "high", "normal"] as const;

/** A case: text and the least context, no identity. */
export interface DeskItem {
  id: string;
  kind: "bottle" | "thread" | "room" | "secret" | "comment" | "letter" | "title" | "ask";
  /**
   * As it stood, in order: what it answers or follows first, itself last. Of what is unverified: as each told it who
   * reported it. Of a whole room or thread what those saw who reported it later lies behind.
   */
  texts: string[];
  reasons: { reason: string; count: number }[];
  notes: string[];
  urgency: (typeof DESK_URGENCIES)[number];
  /** When it came into the queue, ms since 1970. */
  since: number;
  /** Hidden pending review, still shown, or not published yet. */
  state: "hidden" | "shown" | "held";
  /** Reported out of an encrypted room: nothing but the reporter's word says that it was sent. */
  isUnverified: boolean;
  appeal: string | null;
  /** Somebody else has said that it should go for good, and a second is asked for. */
  needsSecond: boolean;
}

export interface DeskFigures {
  waiting: number;
  oldestSince: number | null;
  /** Over the last 7 days, ms; null where there was none. */
  medianToDecision: number | null;
  p90ToDecision: number | null;
  decided: number;
  /** Shares, 0 to 1; null where there was none. */
  agreement: number | null;
  overturned: number | null;
  /** `name` is null where the account has ended. */
  byModerator: { name: string | null; decided: number; controlsRight: number; controls: number }[];
}

export interface DeskLogEntry {
  seq: number;
  at: number;
  /** Null: nobody is known to have done it, or the account has ended. */
  name: string | null;
  what: string;
  item: string | null;
  decision: string | null;
  reason: string | null;
  hash: string;
}

/** Characters of a password. */
export const DESK_LIMITS = { passwordMinChars: 12, passwordMaxChars: 256 } as const;
/** Name of an account. */
export const DESK_NAME = /^[a-z0-9][a-z0-9._-]{1,31}$/;

export interface DeskVerbs {
  "sign-in": {
    payload: { name: string; password: string; code: string };
    data: { token: string; name: string };
  };
  "sign-out": { payload: Record<string, never>; data: Record<string, never> };
  /** Cases for this moderator, the most urgent first, then the oldest. */
  queue: { payload: Record<string, never>; data: { items: DeskItem[] } };
  decide: {
    payload: { id: string; decision: DeskDecision; reason: DeskReason };
    data: { outcome: "done" | "second_needed" | "gone" };
  };
  figures: { payload: Record<string, never>; data: DeskFigures };
  log: { payload: { before?: number }; data: { entries: DeskLogEntry[] } };
  /** Every session of the account ends, this one too. */
  "change-password": {
    payload: { password: string; code: string; next: string };
    data: Record<string, never>;
  };
  /** A secret for an authenticator. Nothing is changed until it is confirmed. */
  "new-secret": {
    payload: Record<string, never>;
    data: { secret: string; address: string };
  };
  /** `next` is a code of the new secret. Every session of the account ends, this one too. */
  "change-secret": {
    payload: { password: string; code: string; secret: string; next: string };
    data: Record<string, never>;
  };
}
export type DeskVerb = keyof DeskVerbs;
