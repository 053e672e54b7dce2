import type { Logger } from "pino";
import type { DeskVerb, ErrorCode, Reply, WireError } from "@driftsea/protocol";
import {
  ChangePassword,
  ChangeSecret,
  DecideCase,
  NoFields,
  ReadDeskLog,
  SignInAtDesk,
} from "@driftsea/protocol/dto";
import { deskHandlers } from "../desk/desk.handlers.ts";
import type { DeskContext } from "../desk/desk.handlers.ts";
import type { DeskService } from "../desk/desk.service.ts";
import { DomainError, invalid } from "../lib/errors.ts";
import type { Metrics } from "../lib/metrics.ts";
import type { Review } from "../review/review.ts";
import type { HttpResponse, PostRequest, Posts } from "./transport.ts";
import { validate } from "./validate.ts";
import { wireErrorOf } from "./wire-error.ts";

export interface DeskApiParts {
  desk: DeskService;
  review: Review;
  metrics: Metrics;
  logger: Logger;
  /** Whether a page of that origin may ask. */
  mayCome: (from: { origin: string | undefined; host: string | undefined }) => boolean;
  /** What an address is counted under. */
  markOf: (from: { address: string; forwardedFor: string | undefined }) => string;
}

const BELOW = "/desk/api/";
const MAX_BYTES = 16 * 1024;
const WITHIN_MS = 5000;

const HEADERS = {
  "content-type": "application/json; charset=utf-8",
  "cache-control": "no-store",
  "x-robots-tag": "noindex, nofollow",
};

/** For programs that look at nothing else; every other code is 400. */
const STATUS: Partial<Record<ErrorCode, number>> = {
  unauthorized: 401,
  forbidden: 403,
  not_found: 404,
  conflict: 409,
  rate_limited: 429,
  internal: 500,
  unavailable: 503,
};

interface Verb {
  dto: new () => object;
  handle: (context: DeskContext, payload: never) => Promise<object>;
}

const VERBS = {
  "sign-out": { dto: NoFields, handle: deskHandlers["sign-out"] },
  queue: { dto: NoFields, handle: deskHandlers.queue },
  decide: { dto: DecideCase, handle: deskHandlers.decide },
  figures: { dto: NoFields, handle: deskHandlers.figures },
  log: { dto: ReadDeskLog, handle: deskHandlers.log },
  "change-password": { dto: ChangePassword, handle: deskHandlers["change-password"] },
  "new-secret": { dto: NoFields, handle: deskHandlers["new-secret"] },
  "change-secret": { dto: ChangeSecret, handle: deskHandlers["change-secret"] },
} satisfies Record<Exclude<DeskVerb, "sign-in">, Verb>;

/** The HTTP side of the moderators' desk: what `dispatch` is to commands. */
export function createDeskApi(parts: DeskApiParts): Posts {
  const { desk, review } = parts;
  const reply = async (request: PostRequest): Promise<object> => {
    const { header } = request;
    if (!parts.mayCome({ origin: header("origin"), host: header("host") })) {
      throw new DomainError("forbidden", "not from this site");
    }
    const verb = request.path.slice(BELOW.length);
    const from = parts.markOf({
      address: request.address,
      forwardedFor: header("x-forwarded-for"),
    });
    if (verb === "sign-in") return desk.signIn(validate(SignInAtDesk, payloadOf(request)), from);
    // Before anything else is looked at: without a session all is refused alike.
    const authorization = header("authorization");
    const me = await desk.who(authorization);
    const found: Verb | undefined = Object.hasOwn(VERBS, verb)
      ? VERBS[verb as keyof typeof VERBS]
      : undefined;
    if (!found) throw new DomainError("not_found", "no such verb");
    const payload = validate(found.dto, payloadOf(request)) as never;
    return found.handle({ desk, review, me, authorization, from }, payload);
  };
  const wireError = (error: unknown): WireError =>
    wireErrorOf(error, (correlationId) => {
      parts.metrics.faults.inc();
      parts.logger.error({ correlationId, err: error }, "a request of the desk failed");
    });
  return {
    below: BELOW,
    maxBytes: MAX_BYTES,
    withinMs: WITHIN_MS,
    handle: async (request) => {
      try {
        return answerWith(200, { ok: true, data: await reply(request) });
      } catch (caught) {
        const error = wireError(caught);
        return answerWith(STATUS[error.code] ?? 400, { ok: false, error });
      }
    },
  };
}

function answerWith(status: number, reply: Reply<object>): HttpResponse {
  return { status, headers: HEADERS, body: JSON.stringify(reply) };
}

/** The body as JSON, said to be so: what a form of another site sends is something else. */
function payloadOf({ header, body }: PostRequest): unknown {
  const [type = ""] = (header("content-type") ?? "").split(";");
  if (type.trim().toLowerCase() !== "application/json") {
    throw invalid({ payload: "must be application/json" });
  }
  try {
    return JSON.parse(body.toString("utf8"));
  } catch {
    throw invalid({ payload: "must be JSON" });
  }
}
