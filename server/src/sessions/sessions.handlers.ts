import type { Handlers } from "../transport/handlers.ts";

type SessionCommand = "session:quotas" | "session:forget" | "session:inbox";

export const sessionHandlers: Handlers<SessionCommand> = {
  "session:quotas": ({ quotas }, { drifter }) => quotas.quotas(drifter),
  "session:forget": async ({ forget }, context) => {
    await forget(context);
    return {};
  },
  "session:inbox": ({ notices }, { drifter }, { after }) => notices.inbox(drifter, after),
};
