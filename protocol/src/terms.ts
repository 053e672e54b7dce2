import type { CommandName } from "./commands.ts";

import type { ErrorCode } from "./errors.ts";
import type { ClosedFunction } from "./events.ts";

/** What somebody may do only so often in an hour or a day; beyond it, `quota_exceeded`. */
export type Allowance =
  | "throws"
  | "catches"
  | "rooms"
  | "questions"
  | "boxes"
  | "secrets"
  | "comments"
  | "hearts"
  | "invites";

/** The terms of one command, beside the form of its payload. */
export interface Terms {
  /** What it takes of the connection's bucket, for commands that make the store read much; else 1. */
  cost?: number;
  /** The allowance that it takes one of. */
  allowance?: Allowance;
  /** What a penalty closes, and this with it (M3); to the whole person every command is closed. */
  closable?: ClosedFunction;
  /** It brings a text that others are to read (M12). */
  screened?: true;
  /** What it may be refused with beside `COMMON_ERRORS`, and beside what follows from the above. */
  errors?: readonly ErrorCode[];
}

/** What any command may be refused with. */
export const COMMON_ERRORS = [
  "invalid",
  "unauthorized",
  "forbidden",
  "rate_limited",
  "unavailable",
  "internal",
] as const satisfies readonly ErrorCode[];

/** One that stands not here costs 1 and is refused with nothing but what any command is. */
export const TERMS: { readonly [N in CommandName]?: Terms } = {
  "session:inbox": { cost: 5 },
  "sea:list": { cost: 5 },
  "bottle:throw": { closable: "throw", screened: true, allowance: "throws", errors: ["gone"] },
  "bottle:catch": { closable: "catch", allowance: "catches" },
  "bottle:hold": { errors: ["gone"] },
  "bottle:answer": { closable: "talk", screened: true, errors: ["gone"] },
  "bottle:release": { errors: ["gone"] },
  "bottle:recall": { errors: ["gone"] },
  "bottle:mine": { cost: 5 },
  "bottle:mute": { errors: ["gone"] },
  "push:watch": { cost: 5, errors: ["gone"] },
  "push:unwatch": { errors: ["gone"] },
  "thread:list": { cost: 5 },
  "thread:open": { cost: 10, errors: ["gone"] },
  "thread:send": { closable: "talk", screened: true, errors: ["gone"] },
  "thread:type": { errors: ["gone"] },
  "thread:mute": { errors: ["gone"] },
  "thread:leave": { errors: ["gone"] },
  "room:create": {
    closable: "talk",
    screened: true,
    allowance: "rooms",
    errors: ["gone", "rejected"],
  },
  "room:list": { cost: 10 },
  "room:enter": { cost: 10, errors: ["gone", "full", "locked"] },
  "room:send": {
    closable: "talk",
    screened: true,
    errors: ["gone", "conflict", "rejected", "quota_exceeded"],
  },
  "room:seen": { errors: ["gone"] },
  "room:type": { errors: ["gone"] },
  "room:leave": { errors: ["gone"] },
  "room:invite": { errors: ["gone"] },
  "room:lock": { errors: ["gone"] },
  "room:kick": { errors: ["gone"] },
  "room:admit": { errors: ["gone"] },
  "room:motd": { closable: "talk", screened: true, errors: ["gone", "rejected"] },
  "room:destroy": { errors: ["gone"] },
  "hole:read": { errors: ["gone"] },
  "circle:invite": { allowance: "invites" },
  "circle:accept": { errors: ["gone"] },
  "circle:status": { cost: 10 },
  "circle:leave": { cost: 20 },
  "feed:open": { cost: 10, errors: ["conflict"] },
  "feed:world": { cost: 10 },
  "feed:post": {
    closable: "comment",
    screened: true,
    cost: 10,
    allowance: "secrets",
    errors: ["gone", "conflict"],
  },
  "feed:own": { errors: ["gone"] },
  "feed:heart": { cost: 3, allowance: "hearts", errors: ["gone"] },
  "feed:share": { cost: 3, allowance: "hearts", errors: ["gone"] },
  "feed:comment": {
    closable: "comment",
    screened: true,
    allowance: "comments",
    errors: ["gone", "forbidden"],
  },
  "feed:comments": { cost: 5, errors: ["gone"] },
  "feed:vote": { allowance: "hearts", errors: ["gone"] },
  "feed:hide": { errors: ["gone"] },
  "feed:mute": { errors: ["gone"] },
  "feed:delete": { errors: ["gone"] },
  "ask:make": { closable: "comment", allowance: "boxes", errors: ["gone"] },
  "ask:set": { errors: ["gone"] },
  "ask:read": { cost: 5, errors: ["gone"] },
  "ask:ask": {
    closable: "comment",
    screened: true,
    allowance: "questions",
    errors: ["gone", "locked"],
  },
  "ask:questions": { cost: 10, errors: ["gone"] },
  "ask:answer": { closable: "comment", screened: true, errors: ["gone", "conflict"] },
  "ask:drop": { errors: ["gone"] },
  "ask:close": { errors: ["gone"] },
  "place:list": { cost: 5 },
  "place:say": { cost: 5, errors: ["conflict"] },
  "safety:report": { closable: "report", cost: 5, errors: ["gone", "quota_exceeded"] },
  "safety:block": { cost: 5, errors: ["gone"] },
  "hole:write": { closable: "talk", screened: true },
  "meet:seek": { closable: "meet", cost: 5 },
  "safety:screen": { cost: 5 },
  "safety:appeal": { errors: ["gone", "conflict"] },
};

/** Tokens of the connection's bucket. */
export const costOf = (name: CommandName): number => TERMS[name]?.cost ?? 1;

const SCREENED_ERRORS = ["rejected", "confirmation_needed", "held_for_review"] as const;

/** Every code that a command may be refused with. */
export function errorsOf(name: CommandName): ErrorCode[] {
  const { allowance, screened, errors = [] } = TERMS[name] ?? {};
  const all: ErrorCode[] = [
    ...COMMON_ERRORS,
    ...(allowance ? (["quota_exceeded"] as const) : []),
    ...(screened ? SCREENED_ERRORS : []),
    ...errors,
  ];
  return [...new Set(all)];
}
