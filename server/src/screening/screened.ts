import type { CommandName, Data, Payload, ReportTarget, ScreenedPlace } from "@driftsea/protocol";

/** A text that others are to read, as it was sent. */
export interface Writing {
  text: string;
  where: ScreenedPlace;
  /** What was marked is meant so; and so is what names somebody. */
  confirmed: boolean;
  confirmedNames: boolean;
}

/** Commands that bring a text. */
type Worded = {
  [N in CommandName]: Extract<keyof Payload<N>, "text" | "title"> extends never ? never : N;
}[CommandName];

type Read<N extends CommandName> = (payload: Payload<N>) => {
  text: string | undefined;
  confirmed?: boolean;
  confirmedNames?: boolean;
};
type Target = { kind: ReportTarget; id: string; seq?: number };
type Entry<N extends CommandName> = {
  where: ScreenedPlace;
  read: Read<N>;
  /** Where it stands now. */
  target?: (payload: Payload<N>, data: Data<N>) => Target;
};
/** A command that nobody said anything about does not compile; null: others do not read it. */
type Table = { [N in Worded]: Entry<N> | null };

const TABLE: Table = {
  "bottle:throw": {
    where: "bottle",
    read: (payload) => payload,
    target: (_, { bottle }) => ({ kind: "bottle", id: bottle.id }),
  },
  "bottle:answer": {
    where: "answer",
    read: (payload) => payload,
    target: (_, { thread, message }) => ({ kind: "thread", id: thread.id, seq: message.seq }),
  },
  "thread:send": {
    where: "thread",
    read: (payload) => payload,
    target: ({ threadId }, { message }) => ({ kind: "thread", id: threadId, seq: message.seq }),
  },
  "room:create": {
    where: "title",
    read: ({ title, confirmed = false }) => ({ text: title, confirmed }),
  },
  "room:send": {
    where: "room",
    read: ({ text, confirmed = false }) => ({ text, confirmed }),
    target: ({ roomId }, { seq }) => ({ kind: "room", id: roomId, seq }),
  },
  "room:motd": { where: "title", read: (payload) => payload },
  "hole:write": { where: "letter", read: (payload) => payload },
  "feed:post": {
    where: "secret",
    read: (payload) => payload,
    target: (_, { post }) => ({ kind: "secret", id: post.id }),
  },
  "feed:comment": {
    where: "comment",
    read: (payload) => payload,
    target: ({ postId }, { comment }) => ({ kind: "comment", id: postId, seq: comment.seq }),
  },
  "ask:ask": { where: "ask", read: (payload) => payload },
  "ask:answer": { where: "ask", read: (payload) => payload },
  "safety:screen": null,
  // It must be free to repeat what it is about; moderators alone read it.
  "safety:appeal": null,
};

const entryOf = (name: CommandName): Entry<CommandName> | null =>
  Object.hasOwn(TABLE, name) ? (TABLE[name as Worded] as Entry<CommandName> | null) : null;

/** The text of a command that others are to read, or null. */
export function writingOf(name: CommandName, payload: object): Writing | null {
  const entry = entryOf(name);
  if (!entry) return null;
  const { text, confirmed = false, confirmedNames = false } = entry.read(payload);
  if (text === undefined || text === "") return null;
  return { text, where: entry.where, confirmed, confirmedNames };
}

/** Where a text stands that was written, as far as a report could point at it. */
export const targetOf = (name: CommandName, payload: object, data: object): Target | null =>
  entryOf(name)?.target?.(payload, data) ?? null;
