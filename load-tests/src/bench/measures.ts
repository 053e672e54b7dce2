import { nanoid } from "nanoid";
import { now } from "../measure/clock.ts";
import { usageOf } from "../measure/process-usage.ts";
import { pause, until } from "../run/together.ts";
import type { Subject } from "./subjects.ts";
import { costOf, crowd } from "./visitors.ts";
import type { Cost, Visitor } from "./visitors.ts";

const TEXT = "It is two in the morning, and the sea is quite calm.";
/**
 * Messages that come together, in different rooms where there are several: a busy server finds more
 * than one whenever it looks, and what can send them together saves by it.
 */
const AT_ONCE = 4;
/** Longest wait for all deliveries of a round, in ms. */
const DELIVERED_WITHIN_MS = 60_000;

export interface RoomLoad {
  size: number;
  rooms: number;
  messages: number;
  /** Messages a second, evenly, `AT_ONCE` at a time: less than any of the subjects can do. */
  rate: number;
}

/** CPU of one message to a room, with all its deliveries and its acknowledgement, in µs. */
export async function messageCost(subject: Subject, load: RoomLoad): Promise<Cost> {
  const { size, rooms, messages, rate } = load;
  let delivered = 0;
  const visitors = await crowd(subject, rooms * size, () => (delivered += 1));
  const groups: { id: string; members: Visitor[] }[] = [];
  for (let i = 0; i < rooms; i += 1) {
    const members = visitors.slice(i * size, (i + 1) * size);
    const { room } = await members[0]!.ask<{ room: { id: string } }>("room:create", {
      id: nanoid(),
      lifetime: { kind: "fixed", ms: 600_000 },
      access: "listed",
      capacity: size,
    });
    for (const member of members) await member.ask("room:enter", { roomId: room.id });
    groups.push({ id: room.id, members });
  }
  let next = 0;
  const say = (): Promise<unknown> => {
    const { id, members } = groups[next % rooms]!;
    const sender = members[Math.floor(next / rooms) % members.length]!;
    next += 1;
    return sender.ask("room:send", { id: nanoid(), roomId: id, text: TEXT });
  };
  const talk = async (count: number): Promise<void> => {
    delivered = 0;
    const saying: Promise<unknown>[] = [];
    const from = now();
    while (saying.length < count) {
      if (from + (saying.length / rate) * 1000 <= now())
        for (let i = 0; i < AT_ONCE && saying.length < count; i += 1) saying.push(say());
      await pause(1);
    }
    await Promise.all(saying);
    if (!(await until(() => delivered === count * size, DELIVERED_WITHIN_MS)))
      throw new Error(`${delivered} of ${count * size} deliveries came`);
  };
  await talk(Math.ceil(messages / 4));
  const cost = await costOf(subject, () => talk(messages));
  for (const visitor of visitors) visitor.close();
  await pause(500);
  return { server: cost.server / messages, redis: cost.redis / messages };
}

/** CPU of one connection that is made with a known token, in µs. Fills `tokens` at the first call. */
export async function connectionCost(
  subject: Subject,
  count: number,
  tokens: (string | undefined)[],
): Promise<Cost> {
  if (tokens.length === 0) {
    const first = await crowd(subject, count);
    tokens.push(...first.map(({ token }) => token));
    for (const visitor of first) visitor.close();
    await pause(1000);
  }
  let visitors: Visitor[] = [];
  const cost = await costOf(subject, async () => {
    visitors = await crowd(subject, count, () => {}, tokens);
  });
  for (const visitor of visitors) visitor.close();
  await pause(1000);
  return { server: cost.server / count, redis: cost.redis / count };
}

/** Resident memory after a collection, in bytes. */
async function collected(pid: number): Promise<number> {
  let least = Infinity;
  for (let i = 0; i < 4; i += 1) {
    process.kill(pid, "SIGUSR2");
    await pause(700);
    least = Math.min(least, usageOf(pid)!.rss);
  }
  return least;
}

/** Those who are there before memory is measured: what is made once for all is there then. */
const FIRST = 500;

/** Resident memory of one idle connection, in bytes. */
export async function connectionMemory(subject: Subject, count: number): Promise<number> {
  const first = await crowd(subject, FIRST);
  const before = await collected(subject.pid);
  const visitors = await crowd(subject, count);
  const after = await collected(subject.pid);
  for (const visitor of [...first, ...visitors]) visitor.close();
  return (after - before) / count;
}
