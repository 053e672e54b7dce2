import type { Handlers } from "../transport/handlers.ts";

export const safetyHandlers: Handlers<"safety:report" | "safety:block"> = {
  "safety:report": async ({ safety }, { drifter }, { target, reason, note }) => {
    await safety.report(drifter, { target, reason, ...(note === undefined ? {} : { note }) });
    return {};
  },
  "safety:block": async ({ safety }, { drifter }, { target }) => {
    await safety.block(drifter, target);
    return {};
  },
};
