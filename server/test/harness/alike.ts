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
  /** What is there, and opens to whoever has the id, or the key. */
  living: { roomId: string; ownerKey: string; box: string };
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
    "bottle:mute",
    bottles.map(({ what, id }) => ({ what, payload: () => ({ bottleId: id(), muted: true }) })),
  );
  compare(
    "push:watch",
    bottles.map(({ what, id }) => ({
      what,
      payload: () => ({ bottleId: id(), endpoint: "https://push.example/for-eve" }),
    })),
  );
  compare(
    "push:unwatch",
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

  compare(
    "thread:type",
    threads.map(({ what, id }) => ({ what, payload: () => ({ threadId: id(), typing: true }) })),
  );
  compare(
    "thread:mute",
    threads.map(({ what, id }) => ({ what, payload: () => ({ threadId: id(), muted: true }) })),
  );

  const roomOf = async () =>
    ann.ask("room:create", {
      id: writeId(),
      lifetime: { kind: "fixed", ms: 3_600_000 },
      access: "link",
    });
  const [alive, dead, closed, invited] = [
    await roomOf(),
    await roomOf(),
    await roomOf(),
    await roomOf(),
  ];
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
  const { invite: spent } = await ann.ask("room:invite", {
    roomId: invited.room.id,
    ownerKey: invited.ownerKey,
  });
  await bo.ask("room:enter", { roomId: invited.room.id, invite: spent });
  compare("room:enter", [
    { what: NEVER, payload: () => ({ roomId: nowhere() }) },
    { what: ENDED, payload: () => ({ roomId: dead.room.id }) },
    { what: "has put him out", payload: () => ({ roomId: closed.room.id }) },
    { what: "wants an invite", payload: () => ({ roomId: invited.room.id }) },
    {
      what: "wants another invite",
      payload: () => ({ roomId: invited.room.id, invite: newSecret() as typeof spent }),
    },
    {
      what: "had an invite that is spent",
      payload: () => ({ roomId: invited.room.id, invite: spent }),
    },
    {
      what: "never was, with an invite",
      payload: () => ({ roomId: nowhere(), invite: newSecret() as typeof spent }),
    },
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
  compare(
    "room:seen",
    rooms.map(({ what, id }) => ({ what, payload: () => ({ roomId: id(), seq: 1 }) })),
  );
  compare(
    "room:type",
    rooms.map(({ what, id }) => ({ what, payload: () => ({ roomId: id(), typing: true }) })),
  );
  const keys = [
    { what: NEVER, id: nowhere, key: newSecret },
    { what: "has another key", id: () => roomId, key: newSecret },
    { what: "is not that key's", id: () => roomId, key: () => closed.ownerKey },
    { what: ENDED, id: () => dead.room.id, key: () => dead.ownerKey },
  ];
  const ruled = (name: CommandName, more: () => object): void =>
    void alike.push({
      name,
      cases: keys.map(({ what, id, key }) => ({
        what,
        payload: () => ({ roomId: id(), ownerKey: key(), ...more() }),
      })),
    });
  ruled("room:destroy", () => ({}));
  ruled("room:invite", () => ({}));
  ruled("room:lock", () => ({ locked: true }));
  ruled("room:motd", () => ({ text: "mine" }));
  for (const name of ["room:kick", "room:admit"] as const)
    ruled(name, () => ({ personaId: nanoid() }));

  const { post, ownerKey } = await posts(ann, "for few");
  const gone = await posts(ann, "for nobody");
  await ann.ask("feed:delete", { postId: gone.post.id, ownerKey: gone.ownerKey });
  const secrets = [
    { what: NEVER, id: () => nanoid<typeof post.id>() },
    { what: "is not shown to him", id: () => post.id },
    { what: ENDED, id: () => gone.post.id },
  ];
  for (const name of ["feed:comments", "feed:share", "feed:hide", "feed:mute"] as const)
    compare(
      name,
      secrets.map(({ what, id }) => ({ what, payload: () => ({ postId: id() }) })),
    );
  compare(
    "feed:heart",
    secrets.map(({ what, id }) => ({ what, payload: () => ({ postId: id(), on: true }) })),
  );
  compare(
    "feed:vote",
    secrets.map(({ what, id }) => ({ what, payload: () => ({ postId: id(), choice: "yes" }) })),
  );
  compare(
    "feed:comment",
    secrets.map(({ what, id }) => ({
      what,
      payload: () => ({ id: writeId(), postId: id(), text: "me" }),
    })),
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
  compare("ask:ask", [
    { what: NEVER, payload: () => ({ id: writeId(), box: noBox(), text: "why?" }) },
    { what: ENDED, payload: () => ({ id: writeId(), box: shut.box, text: "why?" }) },
  ]);
  const boxes = [
    { what: NEVER, box: noBox, key: newSecret },
    { what: "has another key", box: () => open.box, key: newSecret },
    { what: "is not that key's", box: () => open.box, key: () => shut.ownerKey },
    { what: ENDED, box: () => shut.box, key: () => shut.ownerKey },
  ];
  const owned = (name: CommandName, more: () => object): void =>
    void alike.push({
      name,
      cases: boxes.map(({ what, box, key }) => ({
        what,
        payload: () => ({ box: box(), ownerKey: key(), ...more() }),
      })),
    });
  owned("ask:questions", () => ({}));
  owned("ask:set", () => ({ isOn: false }));
  owned("ask:answer", () => ({ id: writeId(), questionId: nanoid(), text: "because" }));
  owned("ask:drop", () => ({ questionId: nanoid() }));
  owned("ask:close", () => ({}));

  const inviteOf = async (who: Visitor) => (await who.ask("circle:invite", {})).code;
  const [used, own, left] = [await inviteOf(ann), await inviteOf(eve), await inviteOf(ann)];
  await bo.ask("circle:accept", { code: used });
  await bo.ask("circle:accept", { code: left });
  await bo.ask("circle:leave", { code: left });
  const noCode = () => newSecret() as typeof used;
  compare("circle:accept", [
    { what: NEVER, payload: () => ({ code: noCode() }) },
    { what: "is used up", payload: () => ({ code: used }) },
    { what: "is of a friendship that has ended", payload: () => ({ code: left }) },
    { what: "is his own", payload: () => ({ code: own }) },
  ]);
  compare("circle:leave", [
    { what: NEVER, payload: () => ({ code: noCode() }) },
    { what: "others used", payload: () => ({ code: used }) },
    { what: "others used and left by", payload: () => ({ code: left }) },
    { what: "is his own", payload: () => ({ code: own }) },
  ]);

  await ann.ask("meet:seek", {});
  await bo.ask("meet:seek", {});
  const { meetId } = await ann.event("meet:found");
  await bo.ask("meet:skip", { meetId });
  for (const name of ["meet:cancel", "meet:skip"] as const)
    compare(name, [
      { what: NEVER, payload: () => ({ meetId: nanoid<typeof meetId>() }) },
      { what: ENDED, payload: () => ({ meetId }) },
    ]);

  await ann.ask("hole:write", { id: writeId(), text: "to nobody" });
  const letters = [
    { what: NEVER, id: () => nanoid() },
    { what: "is a bottle's", id: () => held.id },
  ];

  for (const { kind, ids } of [
    { kind: "bottle", ids: bottles },
    { kind: "thread", ids: threads },
    { kind: "room", ids: rooms.slice(0, 3) },
    { kind: "secret", ids: secrets },
    { kind: "comment", ids: secrets },
    { kind: "letter", ids: letters },
  ] as const) {
    const of = kind === "comment" ? { kind, seq: 1 } : { kind };
    const target = (id: () => string) => ({ ...of, id: id() });
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
    living: { roomId: alive.room.id, ownerKey: alive.ownerKey, box: open.box },
    end: () => [ann, bo, eve].forEach(({ socket }) => socket.close()),
  };
}
