/*
 * What a message in a room of two costs the server: validated, metered, screened for links, appended
 * to Redis, published to both, acknowledged; beside a bare Socket.IO server on ws that only
 * rebroadcasts and acknowledges. The two run in turns, several times; the measure is CPU of the
 * server's process (user and system) for each message, so that the generator does not count.
 */
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { nanoid } from "nanoid";
import { Server } from "socket.io";
import { spawnServer } from "../test/harness/process.ts";
import { RawClient } from "./raw-client.ts";

const PAIRS = 40;
const ROUNDS = 3;
const MESSAGES = 20_000;
/** Messages of a pair that wait for their acknowledgement at once. */
const WINDOW = 4;
const TEXT = "It is two in the morning, and the sea is quite calm.";
/** Clock ticks of a second, in which /proc counts (Linux: 100). */
const TICKS = 100;

/** CPU that a process has used, in ms. */
function cpuMs(pid: number): number {
  const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
  const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
  return ((Number(fields[11]) + Number(fields[12])) / TICKS) * 1000;
}

/** Process of a private Redis, by its folder. */
function redisOf(dataDir: string): number {
  return Number(readFileSync(join(dataDir, "redis", "redis.pid"), "utf8"));
}

interface Subject {
  name: string;
  url: string;
  pids: () => Record<string, number>;
  stop: () => Promise<void>;
}

async function driftsea(): Promise<Subject> {
  const dataDir = mkdtempSync(join(tmpdir(), "driftsea-bench-"));
  const server = await spawnServer({
    DATA_DIR: dataDir,
    RATE_LIMITS: "off",
    LOG_LEVEL: "info",
    TRANSPORT: "uws",
  });
  return {
    name: "Driftsea on uWebSockets.js and Redis",
    url: server.url,
    pids: () => ({ server: server.pid, redis: redisOf(dataDir) }),
    stop: async () => {
      server.kill("SIGTERM");
      await server.ended;
      rmSync(dataDir, { recursive: true, force: true });
    },
  };
}

async function bare(): Promise<Subject> {
  const self = fileURLToPath(import.meta.url);
  const command = [process.execPath, "--import=tsx", "--conditions=source", self, "--bare"];
  const server = await spawnServer({}, command);
  return {
    name: "bare Socket.IO on ws, which only rebroadcasts",
    url: server.url,
    pids: () => ({ server: server.pid }),
    stop: async () => {
      server.kill("SIGKILL");
      await server.ended;
    },
  };
}

/** The peer: no validation, no metering, no log, no recovery. */
function serveBare(): void {
  const http = createServer();
  const io = new Server(http, { transports: ["websocket"], serveClient: false });
  let made = 0;
  io.on("connection", (socket) => {
    socket.on("room:create", (_payload, ack) => {
      made += 1;
      ack({ ok: true, data: { room: { id: `r${made}` } } });
    });
    socket.on("room:enter", ({ roomId }: { roomId: string }, ack) => {
      void socket.join(roomId);
      ack({ ok: true, data: {} });
    });
    socket.on("room:send", ({ id, roomId, text }: Record<string, string>, ack) => {
      const message = { seq: 1, id, from: { id: socket.id, name: 1, hue: 2, creature: 3 }, text };
      io.to(roomId!).emit("room:message", { roomId, message, deadlineAt: 1 });
      ack({ ok: true, data: { seq: 1, sentAt: 1, deadlineAt: 1 } });
    });
  });
  http.listen(0, "127.0.0.1", () =>
    console.log(`http://127.0.0.1:${(http.address() as AddressInfo).port}`),
  );
}

async function converse(
  subject: Subject,
): Promise<{ cpu: Record<string, number>; perSecond: number }> {
  const pairs = await Promise.all(
    Array.from({ length: PAIRS }, async () => {
      const clients = await Promise.all([RawClient.open(subject.url), RawClient.open(subject.url)]);
      const { room } = await clients[0].ask<{ room: { id: string } }>("room:create", {
        id: nanoid(),
        lifetime: { kind: "fixed", ms: 600_000 },
        access: "link",
        capacity: 2,
      });
      for (const client of clients) await client.ask("room:enter", { roomId: room.id });
      return { clients, roomId: room.id };
    }),
  );
  const talk = async (count: number): Promise<void> => {
    await Promise.all(
      pairs.flatMap(({ clients, roomId }) =>
        Array.from({ length: WINDOW }, async (_, w) => {
          for (let i = w; i < count / PAIRS; i += WINDOW)
            await clients[i % 2]!.ask("room:send", { id: nanoid(), roomId, text: TEXT });
        }),
      ),
    );
  };
  await talk(4000);
  const pids = subject.pids();
  const before = Object.entries(pids).map(([name, pid]) => [name, cpuMs(pid)] as const);
  const startedAt = performance.now();
  await talk(MESSAGES);
  const seconds = (performance.now() - startedAt) / 1000;
  const cpu = Object.fromEntries(
    before.map(([name, ms]) => [name, ((cpuMs(pids[name]!) - ms) / MESSAGES) * 1000]),
  );
  for (const { clients } of pairs) for (const client of clients) client.close();
  return { cpu, perSecond: MESSAGES / seconds };
}

async function main(): Promise<void> {
  const subjects = await Promise.all([driftsea(), bare()]);
  const best: Record<string, number>[] = [{}, {}];
  for (let round = 0; round < ROUNDS; round += 1) {
    for (const [i, subject] of subjects.entries()) {
      const { cpu, perSecond } = await converse(subject);
      const figures = Object.entries(cpu).map(([name, us]) => `${name} ${us.toFixed(1)} µs`);
      console.log(
        `${subject.name}: ${figures.join(", ")} CPU a message, ${perSecond.toFixed(0)}/s`,
      );
      for (const [name, us] of Object.entries(cpu))
        best[i]![name] = Math.min(best[i]![name] ?? Infinity, us);
    }
  }
  const ratio = best[0]!["server"]! / best[1]!["server"]!;
  console.log(`best of ${ROUNDS}: Driftsea's server costs ${ratio.toFixed(2)} × the bare one's`);
  for (const subject of subjects) await subject.stop();
}

if (process.argv.includes("--bare")) serveBare();
else await main();
