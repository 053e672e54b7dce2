import { TERMS, costOf } from "@driftsea/protocol";
import type { ClosedFunction, CommandName, Payload } from "@driftsea/protocol";
import {
  AcceptIntoCircle,
  AnswerBottle,
  AnswerQuestion,
  Appeal,
  AskQuestion,
  Block,
  BottleRef,
  CatchBottle,
  CommentSecret,
  CreateRoom,
  DropQuestion,
  EndMeet,
  EnterRoom,
  HeartSecret,
  InviteToCircle,
  InviteToRoom,
  LeaveCircle,
  LockRoom,
  MakeBox,
  MuteBottle,
  MuteThread,
  NoFields,
  OpenFeed,
  OpenThread,
  OpenWorld,
  OwnBox,
  OwnSecret,
  PersonaOfRoom,
  PostSecret,
  ReadBox,
  ReadComments,
  ReadInbox,
  Report,
  RoomRef,
  RuledRoom,
  SayPlace,
  ScreenText,
  SecretRef,
  SeeMessage,
  SeekPartner,
  SendToRoom,
  SendToThread,
  SetBox,
  SetMotd,
  ThreadRef,
  ThrowBottle,
  TypeInRoom,
  TypeInThread,
  VoteSecret,
  WatchBottle,
  WriteLetter,
} from "@driftsea/protocol/dto";
import { askHandlers } from "../asks/asks.handlers.ts";
import { bottleHandlers } from "../bottles/bottles.handlers.ts";
import { circleHandlers } from "../circles/circles.handlers.ts";
import { feedHandlers } from "../feed/feed.handlers.ts";
import { holeHandlers } from "../hole/hole.handlers.ts";
import { meetHandlers } from "../meets/meets.handlers.ts";
import { placeHandlers } from "../places/places.handlers.ts";
import { pushHandlers } from "../push/push.handlers.ts";
import { roomHandlers } from "../rooms/rooms.handlers.ts";
import { safetyHandlers } from "../safety/safety.handlers.ts";
import { screeningHandlers } from "../screening/screening.handlers.ts";
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
  "push:watch": WatchBottle,
  "push:unwatch": BottleRef,
  "sea:list": NoFields,
  "thread:list": NoFields,
  "thread:open": OpenThread,
  "thread:send": SendToThread,
  "thread:type": TypeInThread,
  "thread:mute": MuteThread,
  "thread:leave": ThreadRef,
  "room:create": CreateRoom,
  "room:list": NoFields,
  "room:enter": EnterRoom,
  "room:send": SendToRoom,
  "room:seen": SeeMessage,
  "room:type": TypeInRoom,
  "room:leave": RoomRef,
  "room:invite": InviteToRoom,
  "room:lock": LockRoom,
  "room:kick": PersonaOfRoom,
  "room:admit": PersonaOfRoom,
  "room:motd": SetMotd,
  "room:destroy": RuledRoom,
  "hole:status": NoFields,
  "hole:write": WriteLetter,
  "hole:read": NoFields,
  "meet:seek": SeekPartner,
  "meet:cancel": EndMeet,
  "meet:skip": EndMeet,
  "circle:invite": InviteToCircle,
  "circle:accept": AcceptIntoCircle,
  "circle:status": NoFields,
  "circle:leave": LeaveCircle,
  "feed:open": OpenFeed,
  "feed:world": OpenWorld,
  "feed:post": PostSecret,
  "feed:own": OwnSecret,
  "feed:heart": HeartSecret,
  "feed:share": SecretRef,
  "feed:comment": CommentSecret,
  "feed:comments": ReadComments,
  "feed:vote": VoteSecret,
  "feed:hide": SecretRef,
  "feed:mute": SecretRef,
  "feed:delete": OwnSecret,
  "ask:make": MakeBox,
  "ask:set": SetBox,
  "ask:read": ReadBox,
  "ask:ask": AskQuestion,
  "ask:questions": OwnBox,
  "ask:answer": AnswerQuestion,
  "ask:drop": DropQuestion,
  "ask:close": OwnBox,
  "place:list": NoFields,
  "place:say": SayPlace,
  "safety:report": Report,
  "safety:block": Block,
  "safety:screen": ScreenText,
  "safety:appeal": Appeal,
};

/** What answers each command: every name of the wire, and no other. */
const handlers = {
  ...sessionHandlers,
  ...bottleHandlers,
  ...threadHandlers,
  ...roomHandlers,
  ...holeHandlers,
  ...meetHandlers,
  ...circleHandlers,
  ...feedHandlers,
  ...askHandlers,
  ...placeHandlers,
  ...pushHandlers,
  ...safetyHandlers,
  ...screeningHandlers,
} satisfies Handlers<CommandName>;

export interface Command {
  name: CommandName;
  closable: ClosedFunction | null;
  /** What it takes of the connection's bucket. */
  cost: number;
  /** It brings a text that others are to read. */
  isScreened: boolean;
  dto: new () => object;
  handle: (services: Services, context: Context, payload: object) => Promise<object>;
}

/** A Map, so that no name out of a packet ever reaches a prototype. */
export const commands: ReadonlyMap<string, Command> = new Map(
  (Object.keys(dtos) as CommandName[]).map((name) => [name, entry(name)]),
);

/** What is behind a name takes the payload that the DTO of this name has validated. */
function entry(name: CommandName): Command {
  return {
    name,
    closable: TERMS[name]?.closable ?? null,
    cost: costOf(name),
    isScreened: TERMS[name]?.screened ?? false,
    dto: dtos[name],
    handle: handlers[name] as Command["handle"],
  };
}
