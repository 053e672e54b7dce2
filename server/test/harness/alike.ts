import { randomBytes } from "node:crypto";
import type { CommandName, Payload } from "@driftsea/protocol";
import { nanoid } from "nanoid";
import { newOwner, posts } from "./circle.ts";
import { Visitor, writeId } from "./visitor.ts";

/** A command to a thing that is not his, and what must be refused alike. */
export interface Alike {
  name: CommandName;
  cases: readonly { what: string; payload: () => object }[];
}

/** 32 random bytes: a key, an invite, a code, a box. */
export const newSecret = (): string => randomBytes(32).toString("base64url");

const NEVER = "never was";
const OTHERS = "is other people's";
const ENDED = "has ended";

/**
 * A world with a bottle, a thread, rooms, a secret, and boxes in it, and a stranger to all of it: what he
 * must not be able to tell apart, by bytes, length or time. Whoever made it stays connected until `end`.
 */
export async function openWorld(url: string): Promise<{
  eve: Visitor;
  alike: Alike[];
  /** Paths of photos that are not there, whatever is. */
  photos: { what: string; path: () => string }[];
  end: () => void;
}> {
  const [ann, bo, eve] = [
    await Visitor.come(url),
    await Visitor.come(url),
    await Visitor.come(url),
  ];
  const alike: Alike[] = [];
  const compare = <N extends CommandName>(
    name: N,
    cases: readonly { what: string; payload: () => Payload<N> }[],
  ): void => void alike.push({ name, cases });

  const thrown = await ann.throws("x");
  const { bottle } = await bo.catches();
  const { thread } = await bo.answers(bottle.id, "y");
  const recalled = await ann.throws("z");
  await ann.ask("bottle:recall", { bottleId: recalled.id });
  const held = await ann.throws("held");
  await bo.catches();
  const bottles = [
    { what: NEVER, id: () => nanoid<typeof thrown.id>() },
    { what: OTHERS, id: () => held.id },
    { what: ENDED, id: () => recalled.id },
  ];
  for (const name of ["bottle:hold", "bottle:release", "bottle:recall"] as const)
    compare(
      name,
      bottles.map(({ what, id }) => ({ what, payload: () => ({ bottleId: id() }) })),
    );
  compare(
    "bottle:answer",
    bottles.map(({ what, id }) => ({
      what,
      payload: () => ({ id: writeId(), bottleId: id(), text: "me" }),
    })),
  );
  const threads = [
    { what: NEVER, id: () => nanoid<typeof thread.id>() },
    { what: OTHERS, id: () => thread.id },
  ];
  compare(
    "thread:open",
    threads.map(({ what, id }) => ({ what, payload: () => ({ threadId: id() }) })),
  );
  compare(
    "thread:send",
    threads.map(({ what, id }) => ({
      what,
      payload: () => ({ id: writeId(), threadId: id(), text: "me" }),
    })),
  );
  compare(
    "thread:leave",
    threads.map(({ what, id }) => ({ what, payload: () => ({ threadId: id() }) })),
  );

  const roomOf = async () =>
    ann.ask("room:create", {
      id: writeId(),
      lifetime: { kind: "fixed", ms: 3_600_000 },
      access: "link",
    });
  const [alive, dead, closed] = [await roomOf(), await roomOf(), await roomOf()];
  const roomId = alive.room.id;
  await ann.ask("room:enter", { roomId });
  await ann.ask("room:send", { id: writeId(), roomId, text: "among us" });
  const photo = Buffer.from([0xff, 0xd8, 0xff, 0xe0, ...randomBytes(100)]);
  await ann.ask("room:send", { id: writeId(), roomId, photo });
  const { me } = await eve.ask("room:enter", { roomId: closed.room.id });
  await ann.ask("room:kick", {
    roomId: closed.room.id,
    ownerKey: closed.ownerKey,
    personaId: me.id,
  });
  await ann.ask("room:destroy", { roomId: dead.room.id, ownerKey: dead.ownerKey });
  const nowhere = () => nanoid<typeof roomId>();
  compare("room:enter", [
    { what: NEVER, payload: () => ({ roomId: nowhere() }) },
    { what: ENDED, payload: () => ({ roomId: dead.room.id }) },
    { what: "has put him out", payload: () => ({ roomId: closed.room.id }) },
  ]);
  const rooms = [
    { what: NEVER, id: nowhere },
    { what: "has not let him in", id: () => roomId },
    { what: ENDED, id: () => dead.room.id },
    { what: "has put him out", id: () => closed.room.id },
  ];
  compare(
    "room:send",
    rooms.map(({ what, id }) => ({
      what,
      payload: () => ({ id: writeId(), roomId: id(), text: "me" }),
    })),
  );
  compare(
    "room:leave",
    rooms.map(({ what, id }) => ({ what, payload: () => ({ roomId: id() }) })),
  );
  const keys = [
    { what: NEVER, id: nowhere, key: newSecret },
    { what: "has another key", id: () => roomId, key: newSecret },
    { what: "is not that key's", id: () => roomId, key: () => closed.ownerKey },
    { what: ENDED, id: () => dead.room.id, key: () => dead.ownerKey },
  ];
  for (const name of ["room:destroy", "room:invite"] as const)
    compare(
      name,
      keys.map(({ what, id, key }) => ({
        what,
        payload: () => ({ roomId: id(), ownerKey: key() as typeof alive.ownerKey }),
      })),
    );

  const { post, ownerKey } = await posts(ann, "for few");
  const gone = await posts(ann, "for nobody");
  await ann.ask("feed:delete", { postId: gone.post.id, ownerKey: gone.ownerKey });
  const secrets = [
    { what: NEVER, id: () => nanoid<typeof post.id>() },
    { what: "is not shown to him", id: () => post.id },
    { what: ENDED, id: () => gone.post.id },
  ];
  for (const name of ["feed:comments", "feed:share"] as const)
    compare(
      name,
      secrets.map(({ what, id }) => ({ what, payload: () => ({ postId: id() }) })),
    );
  compare(
    "feed:heart",
    secrets.map(({ what, id }) => ({ what, payload: () => ({ postId: id(), on: true }) })),
  );
  for (const name of ["feed:delete", "feed:own"] as const)
    compare(
      name,
      secrets.map(({ what, id }) => ({
        what,
        payload: () => ({ postId: id(), ownerKey: newSecret() as typeof ownerKey }),
      })),
    );

  const boxOf = async () => {
    const owner = newOwner();
    const { box } = await ann.ask("ask:make", { id: writeId(), ownerHash: owner.ownerHash });
    return { box, ownerKey: owner.ownerKey };
  };
  const [open, shut] = [await boxOf(), await boxOf()];
  await ann.ask("ask:close", { box: shut.box, ownerKey: shut.ownerKey });
  const noBox = () => newSecret() as typeof open.box;
  compare("ask:read", [
    { what: NEVER, payload: () => ({ box: noBox() }) },
    { what: ENDED, payload: () => ({ box: shut.box }) },
  ]);
  compare("ask:questions", [
    { what: NEVER, payload: () => ({ box: noBox(), ownerKey: newSecret() as typeof ownerKey }) },
    {
      what: "has another key",
      payload: () => ({ box: open.box, ownerKey: newSecret() as typeof ownerKey }),
    },
    { what: ENDED, payload: () => ({ box: shut.box, ownerKey: shut.ownerKey }) },
  ]);

  for (const { kind, ids } of [
    { kind: "bottle", ids: bottles },
    { kind: "thread", ids: threads },
    { kind: "room", ids: rooms.slice(0, 3) },
    { kind: "secret", ids: secrets },
  ] as const) {
    const target = (id: () => string) => ({ kind, id: id() });
    compare(
      "safety:report",
      ids.map(({ what, id }) => ({
        what: `${kind} that ${what}`,
        payload: () => ({ id: writeId(), target: target(id), reason: "spam" as const }),
      })),
    );
    compare(
      "safety:block",
      ids.map(({ what, id }) => ({
        what: `${kind} that ${what}`,
        payload: () => ({ target: target(id) }),
      })),
    );
  }
  compare("safety:appeal", [
    { what: NEVER, payload: () => ({ id: writeId(), noticeId: nanoid(), text: "not I" }) },
  ]);
  const path = (room: string) => `/media/${room}/${nanoid()}`;
  const photos = [
    { what: NEVER, path: () => path(nanoid()) },
    { what: "is of a room with another", path: () => path(roomId) },
    { what: "was of a room that has ended", path: () => path(dead.room.id) },
    { what: "is of a secret without one", path: () => `/media/${post.id}/${post.id}` },
  ];
  return {
    eve,
    alike,
    photos,
    end: () => [ann, bo, eve].forEach(({ socket }) => socket.close()),
  };
}
