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
  "bottle:throw": ({ bottles }, { drifter }, payload) => bottles.throw(drifter, payload),
  "bottle:catch": ({ bottles }, { drifter }, { sea }) => bottles.catch(drifter, sea),
  "bottle:hold": async ({ bottles }, { drifter }, { bottleId }) => ({
    leaseEndsAt: await bottles.hold(drifter, bottleId),
  }),
  "bottle:answer": ({ bottles }, { drifter }, payload) => bottles.answer(drifter, payload),
  "bottle:release": async ({ bottles }, { drifter }, { bottleId }) => {
    await bottles.release(drifter, bottleId);
    return {};
  },
  "bottle:recall": async ({ bottles }, { drifter }, { bottleId }) => {
    await bottles.recall(drifter, bottleId);
    return {};
  },
  "bottle:mine": ({ bottles }, { drifter }) => bottles.mine(drifter),
  "bottle:mute": async ({ bottles }, { drifter }, { bottleId, muted }) => {
    await bottles.mute(drifter, bottleId, muted);
    return {};
  },
  "sea:list": async ({ bottles }, { locale }) => ({ seas: await bottles.seas(locale) }),
};
