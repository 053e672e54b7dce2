import type { CommandName } from "./commands.ts";
import type { ErrorCode } from "./errors.ts";

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
  /** What it may be refused with beside `COMMON_ERRORS`. */
  errors?: readonly ErrorCode[];
}

/** What any command may be refused with. */
export const COMMON_ERRORS = [
  "invalid",
  "unauthorized",
  "rate_limited",
  "unavailable",
  "internal",
] as const satisfies readonly ErrorCode[];

/** One that stands not here costs 1 and is refused with nothing but what any command is. */
export const TERMS: { readonly [N in CommandName]?: Terms } = {
  "bottle:throw": { allowance: "throws", errors: ["gone", "confirmation_needed"] },
  "bottle:catch": { allowance: "catches" },
  "bottle:hold": { errors: ["gone"] },
  "bottle:answer": { errors: ["gone"] },
  "bottle:release": { errors: ["gone"] },
  "bottle:recall": { errors: ["gone"] },
  "bottle:mine": { cost: 5 },
  "bottle:mute": { errors: ["gone"] },
  "thread:list": { cost: 5 },
  "thread:open": { cost: 10, errors: ["gone"] },
  "thread:send": { errors: ["gone"] },
  "thread:type": { errors: ["gone"] },
  "thread:mute": { errors: ["gone"] },
  "thread:leave": { errors: ["gone"] },
  "room:create": { allowance: "rooms", errors: ["gone", "rejected"] },
  "room:list": { cost: 10 },
  "room:enter": { cost: 10, errors: ["gone", "full", "locked"] },
  "room:send": { errors: ["gone", "conflict", "rejected"] },
  "room:seen": { errors: ["gone"] },
  "room:type": { errors: ["gone"] },
  "room:leave": { errors: ["gone"] },
  "room:invite": { errors: ["gone"] },
  "room:lock": { errors: ["gone"] },
  "room:kick": { errors: ["gone"] },
  "room:admit": { errors: ["gone"] },
  "room:motd": { errors: ["gone", "rejected"] },
  "room:destroy": { errors: ["gone"] },
  "hole:read": { errors: ["gone"] },
  "circle:invite": { allowance: "invites" },
  "circle:accept": { errors: ["gone"] },
  "circle:status": { cost: 10 },
  "feed:open": { cost: 10, errors: ["conflict"] },
  "feed:world": { cost: 10 },
  "feed:post": {
    cost: 10,
    allowance: "secrets",
    errors: ["gone", "conflict", "confirmation_needed"],
  },
  "feed:own": { errors: ["gone"] },
  "feed:heart": { cost: 3, allowance: "hearts", errors: ["gone"] },
  "feed:share": { cost: 3, allowance: "hearts", errors: ["gone"] },
  "feed:comment": { allowance: "comments", errors: ["gone", "forbidden"] },
  "feed:comments": { cost: 5, errors: ["gone"] },
  "feed:vote": { allowance: "hearts", errors: ["gone"] },
  "feed:hide": { errors: ["gone"] },
  "feed:mute": { errors: ["gone"] },
  "feed:delete": { errors: ["gone"] },
  "ask:make": { allowance: "boxes", errors: ["gone"] },
  "ask:set": { errors: ["gone"] },
  "ask:read": { cost: 5, errors: ["gone"] },
  "ask:ask": { allowance: "questions", errors: ["gone", "locked"] },
  "ask:questions": { cost: 10, errors: ["gone"] },
  "ask:answer": { errors: ["gone", "conflict"] },
  "ask:drop": { errors: ["gone"] },
  "ask:close": { errors: ["gone"] },
  "place:list": { cost: 5 },
  "place:say": { cost: 5, errors: ["conflict"] },
  "safety:report": { errors: ["gone"] },
  "safety:block": { errors: ["gone"] },
};

/** Tokens of the connection's bucket. */
export const costOf = (name: CommandName): number => TERMS[name]?.cost ?? 1;

/** Every code that a command may be refused with. */
export function errorsOf(name: CommandName): ErrorCode[] {
  const { allowance, errors = [] } = TERMS[name] ?? {};
  return [...COMMON_ERRORS, ...(allowance ? (["quota_exceeded"] as const) : []), ...errors];
}
