import type { Handlers } from "../transport/handlers.ts";

export const placeHandlers: Handlers<"place:list" | "place:say"> = {
  "place:list": ({ places }, context) => places.list(context),
  "place:say": async ({ places }, context, { placeId }) => {
    await places.say(context, placeId);
    return {};
  },
};
