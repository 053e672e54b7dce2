import type { Handlers } from "../transport/handlers.ts";

export const meetHandlers: Handlers<"meet:seek" | "meet:cancel" | "meet:skip"> = {
  "meet:seek": async ({ meets }, { drifter }, wish) => {
    await meets.seek(drifter, wish);
    return { waiting: true };
  },
  "meet:cancel": async ({ meets }, { drifter }, { meetId }) => {
    await meets.cancel(drifter, meetId);
    return {};
  },
  "meet:skip": async ({ meets }, { drifter }, { meetId }) => {
    await meets.skip(drifter, meetId);
    return {};
  },
};
