import type { Handlers } from "../transport/handlers.ts";

type ThreadCommand =
  "thread:list" | "thread:open" | "thread:send" | "thread:type" | "thread:mute" | "thread:leave";

export const threadHandlers: Handlers<ThreadCommand> = {
  "thread:list": async ({ threads }, { drifter }) => ({ threads: await threads.list(drifter) }),
  "thread:open": ({ threads }, { drifter }, { threadId, after }) =>
    threads.open(drifter, threadId, after),
  "thread:send": async ({ threads }, context, { id, threadId, text }) => ({
    message: await threads.send(context, threadId, { writeId: id, text }),
  }),
  "thread:type": async ({ threads }, { drifter }, { threadId, typing }) => {
    await threads.type(drifter, threadId, typing);
    return {};
  },
  "thread:mute": async ({ threads }, { drifter }, { threadId, muted }) => {
    await threads.mute(drifter, threadId, muted);
    return {};
  },
  "thread:leave": async ({ threads }, { drifter }, { threadId }) => {
    await threads.leave(drifter, threadId);
    return {};
  },
};
