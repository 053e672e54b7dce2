/*
 * What a room sends to members who only are there: N of them in rooms of a thousand, counted for a
 * minute. Messages are counted apart from the line's own heartbeat.
 */
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { nanoid } from "nanoid";
import { spawnServer } from "../test/harness/process.ts";
import { Visitor } from "../../load-tests/src/bench/visitors.ts";

const ROOM_OF = 1000;
/** Longest that all may take to come, and to be told how many they are, in ms. */
const SETTLE_MS = 12_000;

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      members: { type: "string", default: "10000" },
      seconds: { type: "string", default: "60" },
    },
  });
  const [count, seconds] = [Number(values.members), Number(values.seconds)];
  const dataDir = mkdtempSync(join(tmpdir(), "driftsea-bench-"));
  const server = await spawnServer({ DATA_DIR: dataDir, RATE_LIMITS: "off", LOG_LEVEL: "info" });
  const members: Visitor[] = [];
  const come = (): Promise<Visitor> => Visitor.come({ url: new URL(server.url) });
  try {
    const host = await come();
    const rooms: string[] = [];
    for (let i = 0; i < count; i += ROOM_OF) {
      const { room } = await host.ask<{ room: { id: string } }>("room:create", {
        id: nanoid(),
        lifetime: { kind: "fixed", ms: 3_600_000 },
        access: "listed",
      });
      rooms.push(room.id);
    }
    host.close();
    for (let i = 0; i < count; i += 50) {
      const some = await Promise.all(
        Array.from({ length: Math.min(50, count - i) }, async (_, n) => {
          const member = await come();
          await member.ask("room:enter", { roomId: rooms[Math.floor((i + n) / ROOM_OF)]! });
          return member;
        }),
      );
      members.push(...some);
    }
    await new Promise((done) => setTimeout(done, SETTLE_MS));
    const sums = (): [number, number] => [
      members.reduce((sum, member) => sum + member.messages, 0),
      members.reduce((sum, member) => sum + member.heartbeats, 0),
    ];
    const [messages, heartbeats] = sums();
    const rss = readFileSync(`/proc/${server.pid}/status`, "utf8");
    await new Promise((done) => setTimeout(done, seconds * 1000));
    const [messagesAfter, heartbeatsAfter] = sums();
    const perMinute = (n: number): string => ((n / count / seconds) * 60).toFixed(3);
    console.log(
      `${count} idle members, ${seconds} s: ${perMinute(messagesAfter - messages)} messages and ` +
        `${perMinute(heartbeatsAfter - heartbeats)} heartbeats a minute each; ` +
        `the server's memory ${/VmRSS:\s*(\d+)/.exec(rss)?.[1]} kB`,
    );
  } finally {
    for (const member of members) member.close();
    server.kill("SIGTERM");
    await server.ended;
    rmSync(dataDir, { recursive: true, force: true });
  }
}

await main();
