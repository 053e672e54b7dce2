import type { Handlers } from "../transport/handlers.ts";

type FeedCommand =
  | "feed:open"
  | "feed:world"
  | "feed:post"
  | "feed:own"
  | "feed:heart"
  | "feed:share"
  | "feed:comment"
  | "feed:comments"
  | "feed:vote"
  | "feed:hide"
  | "feed:mute"
  | "feed:delete";

export const feedHandlers: Handlers<FeedCommand> = {
  "feed:open": ({ streams }, context, { cursor, place }) =>
    place === undefined ? streams.open(context, cursor) : streams.around(context, place, cursor),
  "feed:world": ({ streams }, context, { cursor }) => streams.world(context, cursor),
  "feed:post": async ({ feed }, context, payload) => ({ post: await feed.post(context, payload) }),
  "feed:own": ({ feed }, context, { postId, ownerKey }) => feed.own(context, postId, ownerKey),
  "feed:heart": async ({ feed }, context, { postId, on }) => ({
    hearts: await feed.heart(context, postId, on),
  }),
  "feed:share": async ({ feed }, context, { postId }) => {
    await feed.share(context, postId);
    return {};
  },
  "feed:comment": async ({ feed }, context, payload) => ({
    comment: await feed.comment(context, payload),
  }),
  "feed:comments": ({ feed }, context, payload) => feed.comments(context, payload),
  "feed:vote": async ({ feed }, context, { postId, choice }) => ({
    poll: await feed.vote(context, postId, choice),
  }),
  "feed:hide": async ({ streams }, context, { postId }) => {
    await streams.hide(context, postId);
    return {};
  },
  "feed:mute": async ({ streams }, context, { postId }) => {
    await streams.mute(context, postId);
    return {};
  },
  "feed:delete": async ({ feed }, _context, { postId, ownerKey }) => {
    await feed.delete(postId, ownerKey);
    return {};
  },
};
