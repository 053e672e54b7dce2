import { createHash, randomBytes } from "node:crypto";
import type { BottleId, Data, Events, OwnerHash, ThreadId } from "@driftsea/protocol";
import type { Tell } from "../ledger/facts.ts";
import { StreamReader } from "../ledger/stream.ts";
import { padded, pause } from "../run/together.ts";
import { writeId } from "../run/user.ts";
import type { Drifter } from "./drifter.ts";
import { LogReader } from "./log-reader.ts";

/** Characters of a text. */
const TEXT = 60;
const LIFE_MS = 24 * 60 * 60 * 1000;
/** A log that reached its end is read again until nothing more comes, for so long, in ms. */
const SETTLE_WITHIN_MS = 20_000;

/** A text that says which one it is, in figures: random letters may be what is not let through. */
let texts = 0;
const nextText = (): { mark: string; text: string } => {
  texts += 1;
  return { mark: String(texts), text: padded(`${texts}. `, TEXT) };
};
const markOf = (text: string): string => text.slice(0, text.indexOf("."));

/** How a kind of writing gets its drifters, and where what it finds goes. */
export interface Writers {
  come: (name: string) => Promise<Drifter>;
  tell: Tell;
  /** Somebody had this acknowledged just now. */
  acknowledged: (kind: WritingName) => void;
  /** A store that acknowledges first and copies then: what it loses is counted, and no fault of ours. */
  mayLose: boolean;
}

/** Somebody who writes one thing after another. */
export interface Writing {
  /** One acknowledged write; false where he may write no more. */
  write: () => Promise<boolean>;
  /** After all is written: whether each is there, once. */
  settle: () => Promise<void>;
}

/** What is written under an id, from its intent to its receipt. */
function register({ tell, acknowledged }: Writers, kind: WritingName) {
  return {
    acknowledge: (id: string): void => {
      acknowledged(kind);
      tell({ fact: "acknowledged", what: `${kind} ${id}` });
    },
    arrive: (id: string): void => tell({ fact: "arrived", what: `${kind} ${id}` }),
  };
}

async function bottles(writers: Writers, number: number): Promise<Writing> {
  const { acknowledge, arrive } = register(writers, "bottles");
  const thrower = await writers.come(`thrower ${number}`);
  return {
    write: async () => {
      const { mark, text } = nextText();
      await thrower.write("bottle:throw", { id: writeId(), text, confirmed: true });
      acknowledge(mark);
      return true;
    },
    settle: async () => {
      const mine = await thrower.write("bottle:mine", {});
      for (const bottle of mine.bottles) arrive(markOf(bottle.text));
    },
  };
}

/** A room of two: what the writer has acknowledged, the reader must have, in order. */
async function rooms(writers: Writers, number: number): Promise<Writing> {
  const { acknowledge, arrive } = register(writers, "rooms");
  const writer = await writers.come(`writer ${number}`);
  const reader = await writers.come(`reader ${number}`);
  const lifetime = { kind: "fixed", ms: LIFE_MS } as const;
  const made = await writer.write("room:create", { id: writeId(), lifetime, access: "listed" });
  const roomId = made.room.id;
  let newest = 0;
  const enter = async (who: Drifter, after: number) => {
    const { recovered, messages } = await who.must("room:enter", { roomId, after });
    if (!recovered && !writers.mayLose) {
      const words = `${who.name}: the room cannot give what came after ${after}`;
      writers.tell({ fact: "broken", kind: "gap", text: words });
    }
    return messages;
  };
  const stream = new StreamReader(reader.name, 0, writers.tell);
  const log = new LogReader(stream, arrive, (after) => enter(reader, after));
  reader.onEvent = (event, data) => {
    if (event === "room:message") log.heard((data as Events["room:message"]).message);
  };
  writer.onBack = async () => void (await enter(writer, newest));
  reader.onBack = () => log.catchUp();
  await writer.onBack();
  await reader.onBack();
  return {
    write: async () => {
      const id = writeId();
      const payload = { id, roomId, text: nextText().text, confirmed: true };
      const { seq } = await writer.write("room:send", payload);
      newest = Math.max(newest, seq);
      acknowledge(id);
      return true;
    },
    settle: () => log.settle(newest),
  };
}

/** A thread of two that an answer has opened, in which one side writes and the other reads. */
async function threads(writers: Writers, number: number): Promise<Writing> {
  const { acknowledge, arrive } = register(writers, "threads");
  const thrower = await writers.come(`pen friend ${number}`);
  const finder = await writers.come(`finder ${number}`);
  const threadId = await meet(thrower, finder);
  let newest = 1;
  const stream = new StreamReader(thrower.name, 1, writers.tell);
  const log = new LogReader(stream, arrive, async (after) => {
    return (await thrower.must("thread:open", { threadId, after })).messages;
  });
  thrower.onEvent = (event, data) => {
    if (event === "thread:message") log.heard((data as Events["thread:message"]).message);
  };
  thrower.onBack = () => log.catchUp();
  await thrower.onBack();
  return {
    write: async () => {
      const id = writeId();
      const payload = { id, threadId, text: nextText().text, confirmed: true };
      const { message } = await finder.write("thread:send", payload);
      newest = Math.max(newest, message.seq);
      acknowledge(id);
      return true;
    },
    settle: () => log.settle(newest),
  };
}

/** One throws, the other catches just that and answers; nobody else may throw meanwhile. */
async function meet(thrower: Drifter, finder: Drifter): Promise<ThreadId> {
  const { bottle } = await thrower.write("bottle:throw", { id: writeId(), text: "to a friend" });
  for (;;) {
    const caught = await finder.write("bottle:catch", {});
    if (caught.outcome === "bottle") {
      const bottleId: BottleId = caught.bottle.id;
      if (bottleId !== bottle.id) throw new Error("another bottle was afloat");
      const answer = { id: writeId(), bottleId, text: "from a friend" };
      return (await finder.write("bottle:answer", answer)).thread.id;
    }
    await pause(20);
  }
}

/** Letters that one writer has in the hole at most, less some room. */
const LETTERS_EACH = 20;
/** Letters that the hole keeps, less some room. */
const LETTERS_MAX = 9500;

/** Nobody can ask the hole for a letter: that all are in it, each once, its count says. */
function letters() {
  let written = 0;
  return async (writers: Writers, number: number): Promise<Writing> => {
    const first = number === 0;
    let writer = await writers.come(`letter writer ${number}`);
    let his = 0;
    return {
      write: async () => {
        if (written >= LETTERS_MAX) return false;
        if (his === LETTERS_EACH) {
          writer.close();
          writer = await writers.come(`letter writer ${number}`);
          his = 0;
        }
        his += 1;
        written += 1;
        const id = writeId();
        await writer.write("hole:write", { id, text: nextText().text, confirmed: true });
        writers.acknowledged("letters");
        return true;
      },
      settle: async () => {
        if (!first) return;
        const held = await writer.write("hole:status", {});
        if (held.letters === written) return;
        const kind = held.letters < written ? "lost" : "duplicate";
        const words = `the hole has ${held.letters} letters, and ${written} were acknowledged`;
        writers.tell({ fact: "broken", kind, text: words });
      },
    };
  };
}

const EPOCH_MS = 1000;
/** Secrets that a reader's feed keeps, less some room. */
const SECRETS_EACH = 900;

/** A circle of five, in which one writes and one reads at the end. */
async function secrets(writers: Writers, number: number): Promise<Writing> {
  const { acknowledge, arrive } = register(writers, "secrets");
  const names = ["author", "other author", "reader", "friend", "other friend"];
  const people: Drifter[] = [];
  for (const name of names) people.push(await writers.come(`${name} ${number}`));
  const [author, other, reader, ...friends] = people as [Drifter, Drifter, Drifter, ...Drifter[]];
  for (const one of [author, other]) {
    for (const friend of [reader, ...friends]) {
      const { code } = await one.write("circle:invite", {});
      await friend.write("circle:accept", { code });
    }
  }
  for (const idle of [other, ...friends]) idle.close();
  // Who are friends counts from the next epoch on: what is posted before is nobody's to see.
  while (!(await reader.write("feed:open", {})).open) await pause(100);
  await pause(EPOCH_MS);
  let written = 0;
  const posts = new Set<string>();
  return {
    write: async () => {
      if (written >= SECRETS_EACH) return false;
      written += 1;
      const { mark, text } = nextText();
      const ownerHash = createHash("sha256").update(randomBytes(32)).digest("base64url");
      const { post } = await author.write("feed:post", {
        id: writeId(),
        text,
        ownerHash: ownerHash as OwnerHash,
        confirmed: true,
        confirmedNames: true,
      });
      posts.add(post.id);
      acknowledge(mark);
      return true;
    },
    settle: async () => {
      const seen = new Set<string>();
      const until = performance.now() + SETTLE_WITHIN_MS;
      // They are carried to the feed after they were acknowledged.
      while (seen.size < posts.size && performance.now() < until) {
        seen.clear();
        for (const mark of await readFeed(reader)) seen.add(mark);
        if (seen.size < posts.size) await pause(500);
      }
      for (const mark of await readFeed(reader)) arrive(mark);
    },
  };
}

/** Marks of what stands in a feed, as often as it stands there. */
async function readFeed(reader: Drifter): Promise<string[]> {
  const marks: string[] = [];
  let cursor: string | undefined;
  do {
    const page: Data<"feed:open"> = await reader.write(
      "feed:open",
      cursor === undefined ? {} : { cursor },
    );
    marks.push(...page.posts.map(({ text }) => markOf(text)));
    cursor = page.cursor;
  } while (cursor !== undefined);
  return marks;
}

/** With a share of the writes; threads are made first, while nothing else is afloat. */
export const WRITINGS = {
  threads: { share: 0.3, create: () => threads },
  rooms: { share: 0.3, create: () => rooms },
  bottles: { share: 0.3, create: () => bottles },
  letters: { share: 0.05, create: letters },
  secrets: { share: 0.05, create: () => secrets },
};
export type WritingName = keyof typeof WRITINGS;
export const WRITING_NAMES = Object.keys(WRITINGS) as WritingName[];

/** What a server needs so that circles of five are shown to each other at once. */
export const CIRCLES_AT_ONCE = {
  CIRCLE_MIN_FRIENDS: 2,
  CIRCLE_K: 2,
  EPOCH_MS,
  ESTABLISHED_AFTER_MS: 0,
  RELEASE_DELAY_MAX_MS: 0,
};
