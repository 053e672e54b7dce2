import type { Handlers } from "../transport/handlers.ts";

type PushCommand = "push:watch" | "push:unwatch";

export const pushHandlers: Handlers<PushCommand> = {
  "push:watch": async ({ push }, { drifter }, { bottleId, endpoint }) => {
    await push.watch(drifter, bottleId, endpoint);
    return {};
  },
  "push:unwatch": async ({ push }, { drifter }, { bottleId }) => {
    await push.unwatch(drifter, bottleId);
    return {};
  },
};
