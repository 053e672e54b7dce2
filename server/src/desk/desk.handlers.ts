import type { DeskVerb, DeskVerbs } from "@driftsea/protocol";
import type { Review, ReviewId } from "../review/review.ts";
import type { DeskService } from "./desk.service.ts";
import type { Moderator } from "./desk.store.ts";

/** Cases that one answer holds; the next ones come when these are decided. */
const QUEUE_LIMIT = 50;
const LOG_LIMIT = 50;

export interface DeskContext {
  desk: DeskService;
  review: Review;
  me: Moderator;
  /** `Authorization`, as it was sent. */
  authorization: string | undefined;
  /** A mark of the address, not the address. */
  from: string;
}

/** Every verb but `sign-in`, which has no session yet. */
type Handlers = {
  [V in Exclude<DeskVerb, "sign-in">]: (
    context: DeskContext,
    payload: DeskVerbs[V]["payload"],
  ) => Promise<DeskVerbs[V]["data"]>;
};

export const deskHandlers: Handlers = {
  "sign-out": async ({ desk, me, authorization }) => {
    await desk.signOut(me, authorization);
    return {};
  },
  queue: async ({ review, me }) => ({ items: await review.queue(me.id, QUEUE_LIMIT) }),
  decide: async ({ review, me }, { id, decision, reason }) => ({
    outcome: await review.decide(me.id, id as ReviewId, decision, reason),
  }),
  figures: async ({ desk, review }) => {
    const [figures, names] = await Promise.all([review.figures(), desk.names()]);
    return {
      ...figures,
      byModerator: figures.byModerator.map(({ moderator, ...rest }) => ({
        name: names.get(moderator) ?? null,
        ...rest,
      })),
    };
  },
  log: async ({ desk, review }, { before }) => {
    const [entries, names] = await Promise.all([review.log(before, LOG_LIMIT), desk.names()]);
    return {
      entries: entries.map(({ seq, at, moderator, what, item, decision, reason, hash }) => {
        const name = moderator === null ? null : (names.get(moderator) ?? null);
        return { seq, at, name, what, item, decision, reason, hash };
      }),
    };
  },
  "change-password": async ({ desk, me, from }, payload) => {
    await desk.changePassword(me, payload, from);
    return {};
  },
  "new-secret": async ({ desk, me }) => desk.newSecret(me),
  "change-secret": async ({ desk, me, from }, payload) => {
    await desk.changeSecret(me, payload, from);
    return {};
  },
};
