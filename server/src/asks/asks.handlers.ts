import type { Handlers } from "../transport/handlers.ts";

type AskCommand =
  | "ask:make"
  | "ask:set"
  | "ask:read"
  | "ask:ask"
  | "ask:questions"
  | "ask:answer"
  | "ask:drop"
  | "ask:close";

export const askHandlers: Handlers<AskCommand> = {
  "ask:make": ({ asks }, context, payload) => asks.make(context, payload),
  "ask:set": async ({ asks }, _context, payload) => {
    await asks.set(payload);
    return {};
  },
  "ask:read": ({ asks }, context, payload) => asks.read(context, payload),
  "ask:ask": async ({ asks }, context, payload) => {
    await asks.ask(context, payload);
    return {};
  },
  "ask:questions": ({ asks }, context, payload) => asks.questions(context, payload),
  "ask:answer": ({ asks }, _context, payload) => asks.answer(payload),
  "ask:drop": async ({ asks }, _context, payload) => {
    await asks.drop(payload);
    return {};
  },
  "ask:close": async ({ asks }, _context, payload) => {
    await asks.close(payload);
    return {};
  },
};
