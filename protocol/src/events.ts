import type {
  BottleId,
  BoxId,
  MeetId,
  QuestionId,
  RoomId,
  SeaId,
  SecretId,
  ThreadId,
} from "./ids.ts";
import type { Limits, PublicCount } from "./limits.ts";
import type {
  BoxAnswer,
  MeetEnd,
  Persona,
  Poll,
  Quotas,
  ReportTarget,
  Room,
  RoomEnd,
  RoomMessage,
  Secret,
  SecretComment,
  Thread,
  ThreadEnd,
  ThreadMessage,
} from "./entities.ts";

/** What a notice is about. */
export interface ItemRef {
  kind: ReportTarget | "title" | "ask";
  id: string;
  seq?: number;
}

/** What a drifter may be kept from for a while. */
export const PENALISED_FUNCTIONS = [
  "throw",
  "catch",
  /** Answers, letters and messages of rooms and threads. */
  "talk",
  /** Secrets, comments, questions and what is answered to them. */
  "comment",
  "meet",
  "report",
] as const;
export type ClosedFunction = (typeof PENALISED_FUNCTIONS)[number];
/** `all`: the whole person. */
export type PenalisedFunction = ClosedFunction | "all";

/** What is closed to somebody until then, ms since 1970, and why: a word of the reasons of reports. */
export interface Penalty {
  function: PenalisedFunction;
  untilAt: number;
  reason: string;
}

/** Server → client. The comment says what caused it and who receives it. */
export interface Events {
  /**
   * After each connection; to that connection. `token` and `blocksKey` only where they are new: given
   * in the CONNECT payload of a later new drifter, the key takes on the blocks of this one, once he
   * is forgotten.
   */
  "session:ready": {
    token?: string;
    blocksKey?: string;
    serverTime: number;
    protocol: number;
    persona: Omit<Persona, "id">;
    quotas: Quotas;
    limits: Limits;
    features: string[];
    /** What a browser is shown that shall take pushes of this server; null: it sends none. */
    pushKey: string | null;
    penalties: Penalty[];
  };
  /** The server is about to stop; to everybody. */
  "session:draining": { reconnectInMs: number };
  /** A function is closed for a while; to the one concerned. */
  "session:penalty": Penalty;
  /**
   * What one wrote is out of sight until a person has looked at it, is back, or is gone for good; to its
   * author, or to who holds its key. `noticeId` is what `safety:appeal` names.
   */
  "item:hidden": { noticeId: string; target: ItemRef; reason: string; mayAppeal: boolean };
  "item:restored": { noticeId: string; target: ItemRef };
  "item:removed": { noticeId: string; target: ItemRef; reason: string };
  /** Something the server wants to tell that has no event of its own; to the one concerned. */
  "session:notice": { kind: string };
  /** A bottle was answered; to its thrower, unless muted. */
  "bottle:answered": { bottleId: BottleId; thread: Thread };
  /** A bottle came home unanswered; to its thrower, unless muted. */
  "bottle:returned": { bottleId: BottleId; held: PublicCount; thrownBack: PublicCount };
  /** A lease has ended; to the one who held the bottle. */
  "bottle:lapsed": { bottleId: BottleId };
  /** A held bottle was taken back by its thrower, or its life ended; to the one who held it. */
  "bottle:recalled": { bottleId: BottleId };
  /** A letter was written; to the other side, and to the writer's other connections. */
  "thread:message": { threadId: ThreadId; message: ThreadMessage };
  /** The other side writes, or has stopped; to the other side. Never stored. */
  "thread:typing": { threadId: ThreadId; typing: boolean };
  /** The other side has gone; to the one who stayed. */
  "thread:closed": { threadId: ThreadId; reason: ThreadEnd };
  /** A sea's count has changed; to everybody, at most once in two seconds a sea. */
  "sea:tide": { sea: SeaId; afloat: PublicCount; deadlineAt?: number };
  /** Nobody threw into it in time: nothing of it is left; to everybody. */
  "sea:gone": { sea: SeaId };

  /** A message was written; to all members, its writer too. */
  "room:message": { roomId: RoomId; message: RoomMessage; deadlineAt: number };
  /** Somebody came or went; to all members, while they are at most `LIMITS.crowd`. */
  "room:joined": { roomId: RoomId; persona: Persona; members: number; deadlineAt: number };
  /** Not where two met: there the meeting ends. */
  "room:left": { roomId: RoomId; persona: Persona; members: number; deadlineAt: number };
  /** How many are in a room of more than `LIMITS.crowd`; to all members, at most once in 5 s. */
  "room:crowd": { roomId: RoomId; members: number; deadlineAt: number };
  /** A member writes, or has stopped; to all members. Never stored. */
  "room:typing": { roomId: RoomId; persona: Persona; typing: boolean };
  /** Somebody stands before a locked room; to its creator. */
  "room:knocked": { roomId: RoomId; persona: Persona };
  /** The host lets in who knocked; to that one, who may enter now. */
  "room:admitted": { roomId: RoomId };
  /** Lock, epoch or message of the day are other than before; to all members. */
  "room:changed": { room: Room };
  /** A message has gone: its clock ran out, or it was seen once; to all members, or to who saw it. */
  "room:message-gone": { roomId: RoomId; seq: number };
  /** The last minute begins; to all members. */
  "room:closing": { roomId: RoomId; at: number };
  /** There is no such room any more; to all members, or to the one who is in it no longer. */
  "room:gone": { roomId: RoomId; reason: RoomEnd };

  /** A letter was written and the countdown begins again; to everybody, at most once a second. */
  "hole:ticked": { deadlineAt: number; letters: number };
  /** Nobody wrote in time and all letters are gone; to everybody. */
  "hole:gone": Record<string, never>;

  /** A stranger was found, whom to enter the room with; to both. `again`: they have met before. */
  "meet:found": { meetId: MeetId; roomId: RoomId; shared: string[]; again: boolean };
  /** A secret has come to a circle, to the world, or to the place where one reads (`here`). */
  "feed:posted": { post: Secret; here?: true };
  /** A new epoch: his circle can be shown, which it could not when he asked; he may ask again. */
  "feed:opened": Record<string, never>;
  /** Hearts, comments or votes are others than before; to those who were shown it. */
  "feed:changed": { postId: SecretId; hearts: number; comments: number; poll?: Poll };
  /** Somebody has said something of a secret; to those who were shown it. */
  "feed:commented": { postId: SecretId; comment: SecretComment };
  /** A comment is not to be seen any more; to those who were shown its secret. */
  "feed:comment-gone": { postId: SecretId; seq: number };
  /** It is not to be seen any more, for all or for this reader; to those who were shown it. */
  "feed:withdrawn": { postId: SecretId };

  /** Something waits in a box; to whoever opened it with its key, every two seconds at most. */
  "ask:asked": { box: BoxId };
  /** A question was answered; to those who read there. */
  "ask:answered": { box: BoxId; answer: BoxAnswer };
  /** An answer was taken away; to those who read there. */
  "ask:withdrawn": { box: BoxId; answerId: QuestionId };
  /** The box takes questions again, or no more; to those who read there. */
  "ask:changed": { box: BoxId; isOn: boolean };
  /** The box is closed for good; to those who read there. */
  "ask:gone": { box: BoxId };

  /** The meeting is over, or nobody came; to whom it concerns. */
  "meet:ended": { meetId: MeetId; reason: MeetEnd };
}

export type EventName = keyof Events;

/** Events that wait in the inbox for whoever is away. */
export const NOTICE_KINDS = [
  "bottle:answered",
  "bottle:returned",
  "bottle:lapsed",
  "bottle:recalled",
  "thread:closed",
  "session:penalty",
  "item:hidden",
  "item:restored",
  "item:removed",
] as const satisfies readonly EventName[];
export type NoticeKind = (typeof NOTICE_KINDS)[number];

/** A notice as it waits in the inbox: the event's name and its payload in one object. */
export type Notice = { [K in NoticeKind]: { kind: K } & Events[K] }[NoticeKind];

export type ServerToClientEvents = { [N in EventName]: (payload: Events[N]) => void };
