import type { Handlers } from "../transport/handlers.ts";

type CircleCommand = "circle:invite" | "circle:accept" | "circle:status" | "circle:leave";

export const circleHandlers: Handlers<CircleCommand> = {
  "circle:invite": ({ circles }, context, { uses }) => circles.invite(context, uses),
  "circle:accept": async ({ circles }, { circle }, { code }) => {
    await circles.accept(circle, code);
    return {};
  },
  "circle:status": ({ circles }, { circle }) => circles.status(circle),
  "circle:leave": async ({ circles }, { circle }, which) => {
    await circles.leave(circle, which);
    return {};
  },
};
