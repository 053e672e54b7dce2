import { effect, signal } from "@preact/signals";
import { nanoid } from "nanoid";
import type {
  CommandName,
  OwnerKey,
  Payload,
  PuzzleSolution,
  Reply,
  RoomId,
  SecretId,
  WriteId,
} from "@driftsea/protocol";
import { connection, send } from "./connection.ts";
import { solved } from "./puzzle/late.ts";
import { say } from "./say.ts";
import { HELD, keysBelow, loadJson, save, saveJson } from "./store.ts";

/** Writes that carry an id: the same id again is the same write, so they can wait and be repeated. */
export type WriteName =
  | "bottle:throw"
  | "bottle:answer"
  | "thread:send"
  | "safety:report"
  | "room:create"
  | "room:send"
  | "hole:write"
  | "feed:comment"
  | "ask:ask"
  | "ask:answer";

export type Write = { [N in WriteName]: { name: N; payload: Payload<N> } }[WriteName];
/** A secret goes out while one looks on; only where it is held it waits, with the key that proves it. */
export interface SecretWrite {
  name: "feed:post";
  payload: Omit<Payload<"feed:post">, "photo">;
  ownerKey: OwnerKey;
  /** Base64url. */
  photo?: string;
}
export type AnyWrite = Write | SecretWrite;
export type RoomWrite = Extract<Write, { name: "room:send" }>;

export const newId = (): WriteId => nanoid<WriteId>();

/** Each write is kept by itself, so that two tabs do not overwrite each other's. */
interface Kept {
  at: number;
  write: Write;
}
const keyOf = (write: Write): string => `write:${write.payload.id}`;

function loadKept(): Write[] {
  const kept = keysBelow("write:").map((key) => loadJson<Kept | null>(key, null));
  return kept
    .filter((one) => one !== null)
    .sort((a, b) => a.at - b.at)
    .map((one) => one.write);
}

/** What was written and has no reply yet, in order. Survives a reload. */
export const waiting = signal<readonly Write[]>(loadKept());

/** These may succeed later without being changed; everything else is for the writer to decide. */
const LATER = new Set(["unavailable", "internal", "rate_limited"]);
const RETRY_MS = 2000;
/** An `internal` may be for ever: it is tried this often. */
const TRIES = 5;

/**
 * Each room has a line of its own, and each thread and each kind of all else, so that what cannot go just now holds up
 * nothing else. A room's line stands still until he is in.
 */
export interface RoomLines {
  isOpen: (roomId: RoomId) => boolean;
  /** As it goes out: what is to be sealed is sealed now, for the room as it stands. Null: not now. */
  prepare: (write: RoomWrite) => Promise<Payload<"room:send"> | null>;
  /** Whether a refused one is to be tried again, once this has settled. */
  again: (write: RoomWrite, reply: Reply<unknown> & { ok: false }) => Promise<boolean>;
}
const roomLines = signal<RoomLines | null>(null);

let deliver: (write: Write, reply: Reply<never>) => void = () => {};
const running = new Set<string>();
function lineOf({ name, payload }: Write): string {
  if (name === "room:send") return payload.roomId;
  return name === "thread:send" ? payload.threadId : name;
}

/** `onReply` hears how each write ended, also of those from before a reload. */
export function startOutbox(onReply: (write: Write, reply: Reply<never>) => void): void {
  deliver = onReply;
  effect(() => {
    const [writes, rooms] = [waiting.value, roomLines.value];
    if (connection.value.is !== "ready") return;
    for (const write of writes)
      if (write.name !== "room:send" || rooms?.isOpen(write.payload.roomId))
        void drain(lineOf(write));
  });
}

/** Somebody is in, or has got a key: what waits for this room may go. */
export function wakeLine(roomId: RoomId): void {
  if (connection.peek().is === "ready" && roomLines.peek()?.isOpen(roomId)) void drain(roomId);
}

export function openRoomLines(lines: RoomLines): void {
  roomLines.value = lines;
}

export function post(write: Write): void {
  saveJson(keyOf(write), { at: Date.now(), write } satisfies Kept);
  waiting.value = [...waiting.value, write];
}

function settled(write: Write): void {
  save(keyOf(write), null);
  waiting.value = waiting.value.filter((other) => other.payload.id !== write.payload.id);
}

export function emptyOutbox(): void {
  for (const write of waiting.value) settled(write);
}

/** What was written for a room dies with it. */
export function dropRoomWrites(roomId: RoomId): void {
  for (const write of waiting.value)
    if (write.name === "room:send" && lineOf(write) === roomId) settled(write);
}

/** What was to be said of a secret, as whoever could prove that it is his, is not said any more. */
export function dropCommentsOn(postId: SecretId): void {
  for (const write of waiting.value)
    if (write.name === "feed:comment" && write.payload.postId === postId) settled(write);
}

async function drain(line: string): Promise<void> {
  if (running.has(line)) return;
  running.add(line);
  let tries = 0;
  let paid: { id: WriteId; puzzle: PuzzleSolution } | null = null;
  for (;;) {
    const write = waiting.peek().find((one) => lineOf(one) === line);
    if (!write || connection.peek().is !== "ready") break;
    const isOfRoom = write.name === "room:send";
    if (isOfRoom && !roomLines.peek()?.isOpen(line as RoomId)) break;
    const payload = isOfRoom ? await roomLines.peek()!.prepare(write) : write.payload;
    if (payload === null) break;
    const { id } = write.payload;
    const whole = paid?.id === id ? { ...(payload as object), puzzle: paid.puzzle } : payload;
    const reply = (await send(write.name as CommandName, whole as never)) as Reply<never> | null;
    const asked = reply?.ok === false && reply.error.puzzle;
    if (asked) {
      say({ key: "crowded" });
      const puzzle = await solved(asked);
      if (puzzle) paid = { id, puzzle };
      else await new Promise((done) => setTimeout(done, RETRY_MS));
      continue;
    }
    // Its room may have ended meanwhile, and it with it.
    if (!waiting.peek().includes(write)) continue;
    if (isOfRoom && reply?.ok === false && (await roomLines.peek()!.again(write, reply))) continue;
    const code = reply?.ok === false ? reply.error.code : "";
    if (code === "internal") tries += 1;
    if (reply === null || (LATER.has(code) && tries <= TRIES)) {
      const waitMs = reply?.ok === false ? reply.error.retryAfterMs : undefined;
      await new Promise((done) => setTimeout(done, waitMs ?? RETRY_MS));
      continue;
    }
    tries = 0;
    // Written down before it is let go of: it is asked for again until somebody has looked.
    if (!reply.ok && reply.error.code === "held_for_review")
      saveJson(HELD + write.payload.id, { at: Date.now(), write } satisfies Kept);
    settled(write);
    deliver(write, reply);
  }
  running.delete(line);
}
