import type { Handlers } from "../transport/handlers.ts";

type BottleCommand =
  | "bottle:throw"
  | "bottle:catch"
  | "bottle:hold"
  | "bottle:answer"
  | "bottle:release"
  | "bottle:recall"
  | "bottle:mine"
  | "bottle:mute"
  | "sea:list";

export const bottleHandlers: Handlers<BottleCommand> = {
  "bottle:throw": async ({ bottles, places, puzzles }, context, payload) => {
    await puzzles.throw(context.drifter, payload);
    return bottles.throw(
      context.drifter,
      payload,
      payload.sea && (await places.seaOf(context, payload.sea)),
    );
  },
  "bottle:catch": async ({ bottles, places }, context, { sea }) =>
    bottles.catch(context.drifter, sea && (await places.seaOf(context, sea))),
  "bottle:hold": async ({ bottles }, { drifter }, { bottleId }) => ({
    leaseEndsAt: await bottles.hold(drifter, bottleId),
  }),
  "bottle:answer": ({ bottles }, { drifter }, payload) => bottles.answer(drifter, payload),
  "bottle:release": async ({ bottles }, { drifter }, { bottleId }) => {
    await bottles.release(drifter, bottleId);
    return {};
  },
  "bottle:recall": async ({ bottles, push }, { drifter }, { bottleId }) => {
    await push.unwatch(drifter, bottleId);
    await bottles.recall(drifter, bottleId);
    return {};
  },
  "bottle:mine": ({ bottles }, { drifter }) => bottles.mine(drifter),
  "bottle:mute": async ({ bottles }, { drifter }, { bottleId, muted }) => {
    await bottles.mute(drifter, bottleId, muted);
    return {};
  },
  "sea:list": async ({ bottles, places }, context) => ({
    seas: await bottles.seas(context.locale, await places.seaHere(context)),
  }),
};
