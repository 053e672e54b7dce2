import { mkdtempSync, readFileSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "chai";
import { pino } from "pino";
import { below, secureRandom } from "../src/lib/random.ts";
import { RedisConnection } from "../src/redis/connection.ts";
import { runningRedis } from "../src/redis/private-redis.ts";
import { spawnServer } from "./harness/process.ts";
import type { ServerProcess } from "./harness/process.ts";
import { needRedis } from "./harness/redis.ts";
import { dumpOf } from "./harness/server.ts";
import { Visitor, pause, until, writeId } from "./harness/visitor.ts";

/** Of the documentation (RFC 5737), so that it is nobody's. */
const ADDRESS = "203.0.113.77";
const ROOM_MS = 25_000;
const HOLE_MS = 3000;

/** Of these alone no word begins that is screened; digits would be taken for a number to call. */
const CANARY_LETTERS = "cdfghjklmnpqrst";

/** A word that stands nowhere else. */
function canary(): string {
  const letter = (): string => CANARY_LETTERS[below(secureRandom, CANARY_LETTERS.length)]!;
  return Array.from({ length: 18 }, letter).join("");
}

/** The names of those of `words` that stand in it. */
function found(words: Readonly<Record<string, string>>, where: Buffer | string): string[] {
  const text = Buffer.from(where as string);
  return Object.entries(words).flatMap(([name, word]) => (text.includes(word) ? [name] : []));
}

const filesBelow = (folder: string): string[] =>
  readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath ?? entry.path, entry.name));

/** What its heap holds that is not garbage: a snapshot collects first. */
async function heapOf(server: ServerProcess, folder: string): Promise<Buffer> {
  const isWhole = (file: string): boolean => readFileSync(file).subarray(-3).includes("]}");
  server.kill("SIGUSR2");
  const snapshots = (): string[] => readdirSync(folder).map((name) => join(folder, name));
  await until(() => snapshots().some(isWhole), "the heap to be written", 60_000);
  const [file] = snapshots();
  const heap = readFileSync(file!);
  rmSync(file!);
  return heap;
}

describe("what is left", () => {
  before(function () {
    needRedis(this);
  });

  for (const transport of ["uws", "node"] as const) {
    it(`[R9] [M7] after the end no text, mask, secret or address is in heap, log, metrics, Redis or its files (${transport})`, async function () {
      this.timeout(180_000);
      const folder = mkdtempSync(join(tmpdir(), "driftsea-canaries-"));
      const heaps = mkdtempSync(join(tmpdir(), "driftsea-heaps-"));
      const server = await spawnServer({
        DATA_DIR: folder,
        TRANSPORT: transport,
        TRUST_PROXY: "on",
        LOG_LEVEL: "trace",
        PUZZLE: "off",
        ROOM_MIN_LIFETIME_MS: 1000,
        HOLE_SILENCE_MS: HOLE_MS,
        NODE_OPTIONS: `--heapsnapshot-signal=SIGUSR2 --diagnostic-dir=${heaps}`,
      });
      const redis = new RedisConnection({
        url: (await runningRedis(folder))!,
        logger: pino({ level: "silent" }),
        keyPrefix: "",
      });
      try {
        await redis.connect(5000);
        const headers = { "x-forwarded-for": ADDRESS };
        const come = (token?: string): Promise<Visitor> =>
          Visitor.come(server.url, token === undefined ? {} : { token }, headers);
        // One who has just come, and one who comes back with his token: both stay connected.
        const [{ token }, bo] = [await come(), await come()];
        const ann = await come(token);

        const words = {
          title: canary(),
          message: canary(),
          motd: canary(),
          letter: canary(),
          bottle: canary(),
          "words of a thread": canary(),
        };
        const { room, ownerKey } = await ann.ask("room:create", {
          id: writeId(),
          title: `about ${words.title}`,
          lifetime: { kind: "fixed", ms: ROOM_MS },
          access: "listed",
        });
        const roomId = room.id;
        const { invite } = await ann.ask("room:invite", { roomId, ownerKey });
        const { me } = await ann.ask("room:enter", { roomId });
        const other = await bo.ask("room:enter", { roomId, invite });
        const motd = `welcome ${words.motd}`;
        await ann.ask("room:motd", { roomId, ownerKey, text: motd });
        for (const who of [ann, bo]) {
          const text = `it is ${words.message}`;
          await who.ask("room:send", { id: writeId(), roomId, text });
        }
        const kept = { "what was reported": canary(), "a note": canary() };
        const { seq } = await ann.ask("room:send", {
          id: writeId(),
          roomId,
          text: `you are ${kept["what was reported"]}`,
        });
        await bo.ask("safety:report", {
          id: writeId(),
          target: { kind: "room", id: roomId, seq },
          reason: "harassment",
          note: `he said ${kept["a note"]}`,
        });
        await ann.ask("hole:write", {
          id: writeId(),
          text: `dear ${words.letter}`,
          confirmed: true,
        });
        await ann.throws(`who knows ${words.bottle}?`);
        const { bottle } = await bo.catches();
        const { thread } = await bo.answers(bottle.id, `I do ${words["words of a thread"]}`);
        await ann.ask("thread:open", { threadId: thread.id });

        const masks = { mask: me.id, "another's mask": other.me.id };
        const secrets = {
          "the token of one who came back": ann.token,
          "the token of one who was new": bo.token,
          "the key of a room": ownerKey,
          "an invite": invite,
          address: ADDRESS,
        };
        const all = { ...words, ...kept, ...masks, ...secrets };
        // The search finds what is there: masks in the heap, texts in Redis and in its file.
        expect(found(masks, await heapOf(server, heaps))).to.deep.equal(Object.keys(masks));
        expect(found(all, await dumpOf(redis))).to.include.members(["title", "message", "mask"]);
        const files = (): string[] =>
          filesBelow(folder).flatMap((file) => found(all, readFileSync(file)));
        expect(files()).to.include.members(["title", "message", "letter"]);

        for (const who of [ann, bo]) await who.event("room:gone", ROOM_MS + 10_000);
        await until(async () => !(await dumpOf(redis)).includes(words.letter), "the hole to end");
        // What was told is out of the sockets.
        await ann.ask("session:quotas", {});
        expect(found(all, await heapOf(server, heaps)), "heap").to.deep.equal([]);
        expect(found(all, await (await fetch(`${server.url}/metrics`)).text())).to.deep.equal([]);

        // Of the room nothing is left, though those who were in it are still known.
        const { bottle: _bottle, "words of a thread": _thread, ...ended } = words;
        const ofRoom = { ...ended, ...masks, "the key of a room": ownerKey, "an invite": invite };
        await until(
          async () => found(ofRoom, await dumpOf(redis)).length === 0,
          "Redis to hold nothing of the room",
          60_000,
        );

        for (const who of [ann, bo]) await who.ask("session:forget", {});
        await until(() => !ann.socket.connected && !bo.socket.connected, "both to be forgotten");
        // What was reported waits for people, and is kept in their queue alone.
        expect(found(all, await dumpOf(redis)), "Redis").to.have.members(Object.keys(kept));
        const slow = JSON.stringify(await redis.command("SLOWLOG", "GET", "-1"));
        expect(slow).to.equal("[]");
        // Packed, a word could lie there in two parts.
        await redis.command("CONFIG", "SET", "rdbcompression", "no");
        await redis.command("BGREWRITEAOF");
        await until(async () => {
          const info = String(await redis.command("INFO", "persistence"));
          return /aof_rewrite_in_progress:0\r/.test(info) && /_scheduled:0\r/.test(info);
        }, "the file to be rewritten");
        await pause(50);
        expect(new Set(files()), "files").to.have.all.keys(Object.keys(kept));
        expect(found(all, server.output()), "log").to.deep.equal([]);
      } finally {
        redis.close();
        server.kill("SIGTERM");
        await server.ended;
        for (const one of [folder, heaps]) rmSync(one, { recursive: true, force: true });
      }
    });
  }
});
