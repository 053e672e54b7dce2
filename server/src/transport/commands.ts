import type { CommandName, Payload } from "@driftsea/protocol";
import {
  AnswerBottle,
  Block,
  BottleRef,
  CatchBottle,
  MuteBottle,
  MuteThread,
  NoFields,
  OpenThread,
  ReadInbox,
  Report,
  SendToThread,
  ThreadRef,
  ThrowBottle,
  TypeInThread,
} from "@driftsea/protocol/dto";
import { bottleHandlers } from "../bottles/bottles.handlers.ts";
import { safetyHandlers } from "../safety/safety.handlers.ts";
import { sessionHandlers } from "../sessions/sessions.handlers.ts";
import { threadHandlers } from "../threads/threads.handlers.ts";
import type { Context } from "../lib/connection-context.ts";
import type { Handlers, Services } from "./handlers.ts";

/** What validates each command's payload. */
const dtos: { [N in CommandName]: new () => Payload<N> } = {
  "session:quotas": NoFields,
  "session:forget": NoFields,
  "session:inbox": ReadInbox,
  "bottle:throw": ThrowBottle,
  "bottle:catch": CatchBottle,
  "bottle:hold": BottleRef,
  "bottle:answer": AnswerBottle,
  "bottle:release": BottleRef,
  "bottle:recall": BottleRef,
  "bottle:mine": NoFields,
  "bottle:mute": MuteBottle,
  "sea:list": NoFields,
  "thread:list": NoFields,
  "thread:open": OpenThread,
  "thread:send": SendToThread,
  "thread:type": TypeInThread,
  "thread:mute": MuteThread,
  "thread:leave": ThreadRef,
  "safety:report": Report,
  "safety:block": Block,
};

/** What answers each command: every name of the wire, and no other. */
const handlers = {
  ...sessionHandlers,
  ...bottleHandlers,
  ...threadHandlers,
  ...safetyHandlers,
} satisfies Handlers<CommandName>;

export interface Command {
  name: CommandName;
  dto: new () => object;
  handle: (services: Services, context: Context, payload: object) => Promise<object>;
}

/** A Map, so that no name out of a packet ever reaches a prototype. */
export const commands: ReadonlyMap<string, Command> = new Map(
  (Object.keys(dtos) as CommandName[]).map((name) => [name, entry(name)]),
);

/** What is behind a name takes the payload that the DTO of this name has validated. */
function entry(name: CommandName): Command {
  return { name, dto: dtos[name], handle: handlers[name] as Command["handle"] };
}
