import { createHash } from "node:crypto";
import { expect } from "chai";
import type { CommandName, Data, DrifterId, OwnerHash, Payload, SeaId } from "@driftsea/protocol";
import type { SecretId, WriteId } from "@driftsea/protocol";
import { boxIdOf } from "../src/asks/asks.wire.ts";
import { bottleIdOf } from "../src/bottles/bottles.service.ts";
import { freshIcon, secretIdOf } from "../src/feed/feed.wire.ts";
import { newPersona } from "../src/lib/personas.ts";
import { newInvite, ownerKeyOf } from "../src/rooms/rooms.wire.ts";
import { makePuzzle } from "../src/puzzles/challenge.ts";
import {
  CIRCLE,
  FIVE,
  FIVE_PAIRS,
  circleOf,
  newOwner,
  nextEpoch,
  posts,
} from "./harness/circle.ts";
import { startServer } from "./harness/server.ts";
import { Visitor, until, writeId } from "./harness/visitor.ts";

const MANY = 100_000;
const MINUTE_MS = 60_000;

/**
 * Whether an order shows in what was made one after the other: in it, or in any end of it, neighbours
 * rise more or less often than half of the time. A counter or a clock, in front or behind, always rises.
 */
function orderIn(ids: readonly string[]): string | null {
  // Of so many chances the share that rises is normal around a half: 12 n (share - 1/2)^2 is about 1.
  const most = 6 / Math.sqrt(12 * ids.length);
  const length = Math.min(...ids.map((id) => id.length));
  for (let at = 0; at <= length - 3; at += 1) {
    let rising = 0;
    for (let i = 1; i < ids.length; i += 1)
      if (ids[i - 1]!.slice(at) < ids[i]!.slice(at)) rising += 1;
    const share = rising / (ids.length - 1);
    if (Math.abs(share - 0.5) > most + 0.001)
      return `from character ${at} on ${share} of them rise`;
  }
  return null;
}

describe("identifiers", () => {
  // What goes in has an order: a client's own ids may have one too.
  const write = (i: number): WriteId => String(i).padStart(21, "0") as WriteId;
  const hash = "h".repeat(43) as OwnerHash;
  const makers: Record<string, (i: number) => string> = {
    personas: () => newPersona().id,
    bottles: (i) => bottleIdOf("ann" as DrifterId, write(i), "world" as SeaId),
    secrets: (i) => secretIdOf(write(i), hash),
    boxes: (i) => boxIdOf(write(i), hash),
    invites: () => newInvite(),
    "keys of rooms": (i) => ownerKeyOf("ann" as DrifterId, write(i), "room" as never),
  };
  for (const [name, make] of Object.entries(makers)) {
    it(`${name}: none comes twice in ${MANY}, and none tells what came before it`, function () {
      this.timeout(60_000);
      const ids = Array.from({ length: MANY }, (_, i) => make(i));
      expect(new Set(ids).size).to.equal(MANY);
      expect(orderIn(ids)).to.equal(null);
    });
  }

  it("an order is found where there is one", () => {
    const random = Array.from({ length: 2000 }, () => newInvite().slice(0, 10));
    expect(orderIn(random)).to.equal(null);
    const counted = (i: number): string => i.toString(36).padStart(6, "0");
    expect(orderIn(random.map((id, i) => counted(i) + id))).to.be.a("string");
    expect(orderIn(random.map((id, i) => id + counted(i)))).to.be.a("string");
    const timed = random.map((id, i) => `${id}${(1_700_000_000_000 + i * 7).toString(16)}x`);
    expect(orderIn(timed)).to.be.a("string");
  });

  it("icons and puzzles follow no order either", async () => {
    const icons = Array.from({ length: 3000 }, () => Number(freshIcon().split("-")[1]));
    const rising = icons.filter((hue, i) => i > 0 && hue > icons[i - 1]!).length;
    expect(rising / icons.length).to.be.closeTo(0.5, 0.05);
    const puzzles = await Promise.all(
      Array.from({ length: 1000 }, () => makePuzzle("secret", 1, Date.now())),
    );
    for (const member of ["nonce", "salt", "keyPrefix"] as const) {
      const values = puzzles.map(({ parameters }) => parameters[member]);
      expect(new Set(values).size).to.equal(values.length);
      expect(orderIn(values), member).to.equal(null);
    }
  });
});

/** Where a time to the millisecond belongs: what is one's own, and what is inside a room or a thread. */
const EXACT: readonly RegExp[] = [
  /^session:(ready|quotas)\b/,
  /\bquota\.resetsAt$/,
  // One's own bottles, leases, links and boxes.
  /^bottle:throw\b/,
  /^bottle:mine bottles\./,
  /\bleaseEndsAt$/,
  /^circle:invite expiresAt$/,
  /^ask:(make|questions) expiresAt$/,
  /^(room|thread):/,
  /^bottle:answer(ed)? (thread|message)\b/,
  // The one deadline of the wall, which everybody counts down.
  /^hole:\w+ deadlineAt$/,
];

/** Every member of what was heard, with the way to it: `bottle:catch bottle.expiresAt`. */
function* members(value: unknown, path: string): Generator<[string, unknown]> {
  if (typeof value === "object" && value !== null) {
    for (const [name, member] of Object.entries(value))
      yield* members(member, `${path}${path.endsWith(" ") ? "" : "."}${name}`);
  } else yield [path, value];
}

const isTime = (value: unknown): value is number =>
  typeof value === "number" && value > 1.5e12 && value < 2.5e12;

describe("what others are told", () => {
  it("no exact time outside rooms and threads, no lasting name of anybody, no mask in two places", async function () {
    this.timeout(60_000);
    const server = await startServer({ ...CIRCLE, CATCHES_PER_DAY: 1000 });
    const heard: { by: Visitor; what: string; value: unknown }[] = [];
    const ask = async <N extends CommandName>(
      by: Visitor,
      what: N,
      payload: Payload<N>,
    ): Promise<Data<N>> => {
      const value = await by.ask(what, payload);
      heard.push({ by, what, value });
      return value;
    };
    const { ann, bo, cy, dan, eve } = await circleOf(server.url, FIVE, FIVE_PAIRS);
    const all = [ann, bo, cy, dan, eve];

    // The sea and its threads.
    await ask(ann, "bottle:throw", { id: writeId(), text: "answered" });
    const caught = await bo.catches();
    heard.push({ by: bo, what: "bottle:catch", value: caught });
    const bottleId = caught.bottle.id;
    await ask(bo, "bottle:hold", { bottleId });
    await ask(bo, "bottle:mine", {});
    const { thread } = await ask(bo, "bottle:answer", { id: writeId(), bottleId, text: "hello" });
    await ann.event("bottle:answered");
    await ask(ann, "thread:send", { id: writeId(), threadId: thread.id, text: "who are you?" });
    await bo.event("thread:message");
    await ask(ann, "thread:open", { threadId: thread.id });
    await ask(bo, "thread:list", {});
    await ask(ann, "bottle:throw", { id: writeId(), text: "taken back" });
    const second = await bo.catches();
    heard.push({ by: bo, what: "bottle:catch", value: second });
    await ask(ann, "bottle:recall", { bottleId: second.bottle.id });
    await bo.event("bottle:recalled");
    await ask(ann, "bottle:mine", {});
    for (let i = 0; i < 6; i += 1)
      await ask(cy, "bottle:throw", { id: writeId(), text: `one of many ${i}` });
    await ann.event("sea:tide");
    await ask(cy, "sea:list", {});

    // Rooms, the wall, a meeting.
    const { room } = await ask(ann, "room:create", {
      id: writeId(),
      lifetime: { kind: "idle", ms: 600_000 },
      access: "listed",
    });
    const roomId = room.id;
    for (const who of [ann, bo, cy]) await ask(who, "room:enter", { roomId });
    await ask(bo, "room:send", { id: writeId(), roomId, text: "good evening" });
    await ann.event("room:message");
    await ask(dan, "room:list", {});
    await ask(ann, "hole:write", { id: writeId(), text: "to nobody" });
    await ask(cy, "hole:read", {});
    await ask(cy, "hole:status", {});
    await cy.event("hole:ticked");
    for (const who of [cy, dan]) await ask(who, "meet:seek", {});
    const { roomId: hall, meetId } = await cy.event("meet:found");
    await dan.event("meet:found");
    for (const who of [cy, dan]) await ask(who, "room:enter", { roomId: hall });
    await ask(cy, "meet:skip", { meetId });
    await dan.event("meet:ended");

    // The river.
    await ask(ann, "circle:invite", {});
    await nextEpoch();
    for (const who of all) await ask(who, "circle:status", {});
    const { post } = await posts(bo, "somebody's secret", { comments: "anyone", poll: true });
    let shown: SecretId[] = [];
    await until(async () => {
      shown = (await ask(ann, "feed:open", {})).posts.map(({ id }) => id);
      return shown.includes(post.id);
    }, "the secret to be shown");
    await ask(ann, "feed:heart", { postId: post.id, on: true });
    await ask(ann, "feed:vote", { postId: post.id, choice: "yes" });
    await ask(ann, "feed:comment", { id: writeId(), postId: post.id, text: "me too" });
    await ann.event("feed:commented");
    await ask(ann, "feed:comments", { postId: post.id });
    await ask(dan, "feed:world", {});

    // A box.
    const { ownerKey, ownerHash } = newOwner();
    const { box } = await ask(ann, "ask:make", { id: writeId(), ownerHash });
    await ask(bo, "ask:read", { box });
    await ask(bo, "ask:ask", { id: writeId(), box, text: "what do you miss?" });
    const { questions } = await ask(ann, "ask:questions", { box, ownerKey });
    const questionId = questions[0]!.id;
    const answer = { id: writeId(), box, ownerKey, questionId, text: "the harbour" };
    await ask(ann, "ask:answer", answer);
    await bo.event("ask:answered");
    await ask(bo, "ask:read", { box });
    for (const who of all) await ask(who, "session:inbox", {});

    for (const by of all)
      for (const { event, payload } of by.seen) heard.push({ by, what: event, value: payload });
    const names = new Map<string, Visitor>();
    const sha = (text: string): string => createHash("sha256").update(text).digest("base64url");
    for (const who of all) {
      names.set(who.token, who).set(who.socket.id!, who).set(sha(who.token), who);
      for (const word of ["circle", "mask", "box"]) names.set(sha(`${word}|${who.token}`), who);
    }
    const faults: string[] = [];
    const masks = new Map<string, Set<string>>();
    for (const { by, what, value } of heard) {
      for (const [path, member] of members(value, `${what} `)) {
        if (isTime(member) && member % MINUTE_MS !== 0 && !EXACT.some((way) => way.test(path)))
          faults.push(`an exact time: ${path} ${member}`);
        if (typeof member !== "string") continue;
        for (const [name, who] of names)
          if (member.includes(name) && (what !== "session:ready" || who !== by))
            faults.push(`a lasting name: ${path}`);
        // A mask: the id beside a hue.
        const found = /^(.*?)(?:\.?)(me|other|from|persona|members\.\d+)\.id$/.exec(path);
        if (!found) continue;
        const payload = value as { roomId?: string; room?: { id: string }; threadId?: string };
        const inRoom = payload.room?.id ?? payload.roomId ?? (what === "room:send" ? roomId : null);
        const place = inRoom ?? "threads and bottles";
        const places = masks.get(member) ?? new Set();
        masks.set(member, places.add(place));
      }
    }
    await server.close();
    expect(faults).to.deep.equal([]);
    expect([...masks.values()].filter((places) => places.size > 1)).to.deep.equal([]);
    // Two in the thread or more, three in the room, two in the meeting.
    expect(masks.size).to.be.at.least(7);
    // What was walked: the kinds of what others can be told.
    expect(new Set(heard.map(({ what }) => what))).to.include.all.keys(
      "bottle:catch",
      "bottle:answered",
      "bottle:recalled",
      "thread:message",
      "room:message",
      "room:joined",
      "room:list",
      "hole:ticked",
      "meet:found",
      "meet:ended",
      "feed:open",
      "feed:comments",
      "feed:commented",
      "feed:changed",
      "ask:read",
      "ask:answered",
      "sea:tide",
    );
  });
});
