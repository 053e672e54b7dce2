import type * as Dto from "./dto/index.ts";
import type { Reply } from "./errors.ts";
import type { Notice } from "./events.ts";
import type { BoxId, CircleCode, Invite, OwnerKey, PlaceId } from "./ids.ts";
import type {
  BoxAnswer,
  BoxQuestion,
  CaughtBottle,
  CircleStatus,
  Creature,
  HeldBottle,
  Letter,
  OfCare,
  OwnBottle,
  Persona,
  Place,
  Poll,
  Quota,
  Quotas,
  Room,
  RoomMessage,
  Sea,
  Secret,
  SecretComment,
  Thread,
  ThreadMessage,
} from "./entities.ts";
import type { ScreenMark, ScreenVerdict } from "./screening/index.ts";

type Empty = Record<string, never>;

export type CatchResult = { quota: Quota } & (
  | { outcome: "bottle"; bottle: CaughtBottle; leaseEndsAt: number }
  | { outcome: "creature"; creature: Creature }
  | { outcome: "calm" }
);

/** Client → server: what is sent and what `data` of an ok reply is. The one list of commands. */
export interface Commands {
  "session:quotas": { payload: Dto.NoFields; data: Quotas };
  "session:forget": { payload: Dto.NoFields; data: Empty };
  "session:inbox": { payload: Dto.ReadInbox; data: { items: Notice[]; cursor: string } };
  "bottle:throw": { payload: Dto.ThrowBottle; data: { bottle: OwnBottle; quota: Quota } & OfCare };
  "bottle:catch": { payload: Dto.CatchBottle; data: CatchResult };
  "bottle:hold": { payload: Dto.BottleRef; data: { leaseEndsAt: number } };
  "bottle:answer": {
    payload: Dto.AnswerBottle;
    data: { thread: Thread; message: ThreadMessage } & OfCare;
  };
  "bottle:release": { payload: Dto.BottleRef; data: Empty };
  "bottle:recall": { payload: Dto.BottleRef; data: Empty };
  "bottle:mine": { payload: Dto.NoFields; data: { bottles: OwnBottle[]; held: HeldBottle[] } };
  "bottle:mute": { payload: Dto.MuteBottle; data: Empty };
  "push:watch": { payload: Dto.WatchBottle; data: Empty };
  "push:unwatch": { payload: Dto.BottleRef; data: Empty };
  "sea:list": { payload: Dto.NoFields; data: { seas: Sea[] } };
  "thread:list": { payload: Dto.NoFields; data: { threads: Thread[] } };
  "thread:open": {
    payload: Dto.OpenThread;
    data: { thread: Thread; messages: ThreadMessage[]; recovered: boolean };
  };
  "thread:send": { payload: Dto.SendToThread; data: { message: ThreadMessage } & OfCare };
  "thread:type": { payload: Dto.TypeInThread; data: Empty };
  "thread:mute": { payload: Dto.MuteThread; data: Empty };
  "thread:leave": { payload: Dto.ThreadRef; data: Empty };
  "room:create": { payload: Dto.CreateRoom; data: { room: Room; ownerKey: OwnerKey } & OfCare };
  "room:list": { payload: Dto.NoFields; data: { rooms: Room[] } };
  "room:enter": {
    payload: Dto.EnterRoom;
    data: {
      room: Room;
      me: Persona;
      members: Persona[];
      messages: RoomMessage[];
      recovered: boolean;
      /** Who stands before the locked door; for the creator alone. */
      knocks?: Persona[];
    };
  };
  "room:send": {
    payload: Dto.SendToRoom;
    data: { seq: number; sentAt: number; deadlineAt: number } & OfCare;
  };
  /** `goneAt` where this look has begun the message's clock. */
  "room:seen": { payload: Dto.SeeMessage; data: { goneAt?: number } };
  "room:type": { payload: Dto.TypeInRoom; data: Empty };
  "room:leave": { payload: Dto.RoomRef; data: Empty };
  "room:invite": { payload: Dto.InviteToRoom; data: { invite: Invite } };
  "room:lock": { payload: Dto.LockRoom; data: Empty };
  "room:kick": { payload: Dto.PersonaOfRoom; data: Empty };
  "room:admit": { payload: Dto.PersonaOfRoom; data: Empty };
  "room:motd": { payload: Dto.SetMotd; data: OfCare };
  "room:destroy": { payload: Dto.RuledRoom; data: Empty };
  "hole:status": { payload: Dto.NoFields; data: { deadlineAt: number; letters: number } };
  "hole:write": { payload: Dto.WriteLetter; data: { deadlineAt: number } & OfCare };
  "hole:read": { payload: Dto.NoFields; data: { letter: Letter } };
  "meet:seek": { payload: Dto.SeekPartner; data: { waiting: true } };
  "meet:cancel": { payload: Dto.EndMeet; data: Empty };
  "meet:skip": { payload: Dto.EndMeet; data: Empty };
  "circle:invite": { payload: Dto.InviteToCircle; data: { code: CircleCode; expiresAt: number } };
  "circle:accept": { payload: Dto.AcceptIntoCircle; data: Empty };
  "circle:status": { payload: Dto.NoFields; data: CircleStatus };
  "circle:leave": { payload: Dto.LeaveCircle; data: Empty };
  "feed:open": {
    payload: Dto.OpenFeed;
    /** `place` where one was asked for: the one really shown; null for the world. */
    data: { open: boolean; posts: Secret[]; cursor?: string; place?: PlaceId | null };
  };
  "feed:world": { payload: Dto.OpenWorld; data: { posts: Secret[]; cursor?: string } };
  "feed:post": { payload: Dto.PostSecret; data: { post: Secret } & OfCare };
  /** One's own, as whoever holds its key: how it stands, and what was said of it. */
  "feed:own": {
    payload: Dto.OwnSecret;
    /** `notice`: what has become of it in a review; a removed one has no text any more. */
    data: { post: Secret; notice?: Notice };
  };
  "feed:heart": { payload: Dto.HeartSecret; data: { hearts: number } };
  "feed:share": { payload: Dto.SecretRef; data: Empty };
  "feed:comment": { payload: Dto.CommentSecret; data: { comment: SecretComment } & OfCare };
  "feed:comments": {
    payload: Dto.ReadComments;
    data: { comments: SecretComment[]; recovered: boolean };
  };
  "feed:vote": { payload: Dto.VoteSecret; data: { poll: Poll } };
  "feed:hide": { payload: Dto.SecretRef; data: Empty };
  "feed:mute": { payload: Dto.SecretRef; data: Empty };
  "feed:delete": { payload: Dto.OwnSecret; data: Empty };
  "ask:make": { payload: Dto.MakeBox; data: { box: BoxId; expiresAt: number } };
  "ask:set": { payload: Dto.SetBox; data: Empty };
  /** As anybody with the link. From then on one is told what is answered. */
  "ask:read": {
    payload: Dto.ReadBox;
    data: { isOn: boolean; answers: BoxAnswer[]; cursor?: string };
  };
  "ask:ask": { payload: Dto.AskQuestion; data: OfCare };
  /** As whoever holds its key: what waits, the newest first, and how the box stands. */
  "ask:questions": {
    payload: Dto.OwnBox;
    data: { questions: BoxQuestion[]; isOn: boolean; mutedWords: string[]; expiresAt: number };
  };
  "ask:answer": { payload: Dto.AnswerQuestion; data: { answer: BoxAnswer } & OfCare };
  "ask:drop": { payload: Dto.DropQuestion; data: Empty };
  "ask:close": { payload: Dto.OwnBox; data: Empty };
  "place:list": { payload: Dto.NoFields; data: { places: Place[]; mine: PlaceId | null } };
  "place:say": { payload: Dto.SayPlace; data: Empty };
  "safety:report": { payload: Dto.Report; data: Empty };
  /** Of a text, what a write of it would be answered; marks in UTF-16 units of the text as it was sent. */
  "safety:screen": {
    payload: Dto.ScreenText;
    data: { verdict: ScreenVerdict; marks: ScreenMark[]; care: boolean };
  };
  "safety:block": { payload: Dto.Block; data: Empty };
  /** Once a notice: the author's own words, to whoever looks at it. */
  "safety:appeal": { payload: Dto.Appeal; data: Empty };
}

export type CommandName = keyof Commands;
export type Payload<N extends CommandName> = Commands[N]["payload"];
export type Data<N extends CommandName> = Commands[N]["data"];

export type ClientToServerEvents = {
  [N in CommandName]: (payload: Payload<N>, ack: (reply: Reply<Data<N>>) => void) => void;
};
