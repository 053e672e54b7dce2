import { once } from "node:events";
import { expect } from "chai";
import { below, seededRandom, type Rng } from "../lib/random.ts";
import {
  eventually,
  KINDS,
  openTest,
  upgradeRequest,
  within,
  type TestTransport,
} from "./transport.harness.ts";

/** DRIFTSEA_SEED=x runs other schedules, DRIFTSEA_LONG=1 a whole campaign. */
const SEED = process.env["DRIFTSEA_SEED"] ?? "transport";
const REQUESTS = process.env["DRIFTSEA_LONG"] ? 20_000 : 600;

const METHODS = ["GET", "GET", "GET", "GET", "HEAD", "POST", "PUT", "OPTIONS", "CONNECT", "get"];
const PATHS = [
  "/socket.io/",
  "/socket.io/",
  "/socket.io/",
  "/socket.io",
  "/socket.io//",
  "/socket.io/x",
  "/",
  "//",
  "*",
  "/%",
  "/%00",
  "http://x/socket.io/",
  `/${"a".repeat(5000)}`,
];
const NAMES = ["EIO", "transport", "sid", "t", "b64", "j", "__proto__", "constructor", "%65IO", ""];
const VALUES = [
  "4",
  "3",
  "websocket",
  "websocket",
  "polling",
  "webtransport",
  "constructor",
  "__proto__",
  "",
  "%",
  "%00",
  "%f0%9f",
  "a".repeat(3000),
];
const HEADERS = [
  ["connection", ["Upgrade", "keep-alive, Upgrade", "close", "x"]],
  ["upgrade", ["websocket", "WEBSOCKET", "h2c", ""]],
  ["sec-websocket-key", ["dGhlIHNhbXBsZSBub25jZQ==", "x", "", "=".repeat(24)]],
  ["sec-websocket-version", ["13", "8", "99999999999999999999"]],
  ["sec-websocket-protocol", ["a, b", ",", "\x7f"]],
  [
    "sec-websocket-extensions",
    ["permessage-deflate", "permessage-deflate; client_max_window_bits"],
  ],
  ["host", ["x", "", "a\tb", "x".repeat(4000)]],
  ["origin", ["https://x", "null", "\xff\xfe"]],
  ["content-length", ["0", "5", "-1", "999999999999"]],
  ["transfer-encoding", ["chunked", "gzip, chunked", "x"]],
  ["expect", ["100-continue", "x"]],
  ["x-forwarded-for", ["192.0.2.1", ",,,"]],
  ["cookie", ["a=b"]],
] as const;

function pick<T>(rng: Rng, items: readonly T[]): T {
  return items[below(rng, items.length)]!;
}

function randomTarget(rng: Rng): string {
  const parameters = Array.from(
    { length: below(rng, 5) },
    () => `${pick(rng, NAMES)}=${pick(rng, VALUES)}`,
  );
  if (rng.uniform() < 0.5) parameters.push("EIO=4");
  if (rng.uniform() < 0.5) parameters.push(`transport=${pick(rng, VALUES)}`);
  return `${pick(rng, PATHS)}${rng.uniform() < 0.9 ? "?" : ""}${parameters.join("&")}`;
}

/** A request made of parts that mean something here, then damaged one time in three. */
function randomRequest(rng: Rng): Buffer {
  let text: string;
  if (rng.uniform() < 0.4) {
    text = upgradeRequest(rng.uniform() < 0.3 ? undefined : randomTarget(rng));
  } else {
    const lines = Array.from({ length: below(rng, 9) }, () => {
      const [name, values] = pick(rng, HEADERS);
      return `${name}: ${pick<string>(rng, values)}\r\n`;
    });
    const version = rng.uniform() < 0.95 ? "1.1" : pick(rng, ["1.0", "2.0", "9"]);
    text = `${pick(rng, METHODS)} ${randomTarget(rng)} HTTP/${version}\r\n${lines.join("")}\r\n`;
  }
  const bytes = Buffer.from(text, "latin1");
  if (rng.uniform() < 0.33) {
    for (let i = 1 + below(rng, 4); i > 0; i -= 1) {
      bytes[below(rng, bytes.length)] = below(rng, 256);
    }
  }
  if (rng.uniform() < 0.1) return bytes.subarray(0, below(rng, bytes.length));
  // behind the request, where a WebSocket's frames would be
  if (rng.uniform() < 0.3) return Buffer.concat([bytes, randomBytes(rng, below(rng, 200))]);
  return bytes;
}

function randomBytes(rng: Rng, length: number): Buffer {
  return Buffer.from(Array.from({ length }, () => below(rng, 256)));
}

/** Sends one request, in one piece or two, and hangs up at once, rudely, or after an answer. */
async function strike(t: TestTransport, rng: Rng): Promise<void> {
  const request = randomRequest(rng);
  const cut = rng.uniform() < 0.2 ? below(rng, request.length) : request.length;
  const manner = rng.uniform();
  const socket = await t.net();
  const answered = Promise.race([
    once(socket, "data"),
    once(socket, "close"),
    // a request that is not complete is waited for; the server's time limit is not the test's
    new Promise((resolve) => setTimeout(resolve, 15)),
  ]);
  socket.write(request.subarray(0, cut));
  if (cut < request.length) {
    await new Promise((resolve) => setImmediate(resolve));
    socket.write(request.subarray(cut));
  }
  if (manner < 0.25) socket.destroy();
  else if (manner < 0.45) socket.resetAndDestroy();
  else if (manner < 0.6) socket.destroySoon();
  else await answered;
  socket.destroy();
}

const PIECES = [
  ...Array.from({ length: 0x7f - 0x20 }, (_each, i) => String.fromCharCode(0x20 + i)),
  '["echo",1]',
  '["x",{"_placeholder":true,"num":0}]',
  '{"_placeholder":true,"num":-1}',
  "/admin,",
  "/,",
  "4",
  "42",
  "45",
  "451-",
  "459999999-",
  "43",
  "null",
  "1e999",
  '"__proto__"',
  '{"__proto__":{"a":1}}',
  "[".repeat(20_000),
  '{"a":'.repeat(20_000),
  "\u0000",
  "\ud83d\ude00",
];

for (const kind of KINDS) {
  describe(`attacks on ${kind}`, () => {
    let t: TestTransport;
    const strays: unknown[] = [];
    const stray = (reason: unknown): void => void strays.push(reason);

    beforeEach(async () => {
      t = await openTest(kind);
      strays.length = 0;
      process.on("unhandledRejection", stray);
    });
    afterEach(async () => {
      process.off("unhandledRejection", stray);
      await t.close();
    });

    /** After it all: a client connects, nothing was logged or rejected, nothing is held. */
    async function expectUnharmed(seed: string): Promise<void> {
      expect(await t.client().timeout(5000).emitWithAck("echo", seed), seed).to.equal(seed);
      await eventually(
        () => t.counts.admitted - t.counts.released === 1,
        `seed ${seed}: ${t.counts.admitted} admitted, all but one released`,
      );
      expect(t.io.engine.clientsCount, seed).to.equal(1);
      expect(t.logged, seed).to.deep.equal([]);
      expect(strays, seed).to.deep.equal([]);
    }

    it(`[M9] random requests end nothing but themselves (seed ${SEED})`, async function () {
      this.timeout(REQUESTS * 50);
      const rng = seededRandom(`${SEED}-requests`);
      for (let done = 0; done < REQUESTS; done += 20) {
        await Promise.all(Array.from({ length: 20 }, () => strike(t, rng)));
      }
      await expectUnharmed(SEED);
    });

    it(`[M9] clients that hang up during the handshake leave nothing behind (seed ${SEED})`, async function () {
      this.timeout(REQUESTS * 50);
      const rng = seededRandom(`${SEED}-handshakes`);
      const request = upgradeRequest();
      for (let done = 0; done < REQUESTS; done += 20) {
        const round = Array.from({ length: 20 }, async () => {
          const socket = (await t.net()).resume();
          const roll = rng.uniform();
          if (roll < 0.3) {
            socket.write(request, () => socket.resetAndDestroy());
          } else if (roll < 0.6) {
            socket.write(request, () => socket.destroy());
          } else if (roll < 0.8) {
            socket.end(request);
          } else {
            const at = below(rng, request.length);
            socket.write(request.slice(0, at));
            setImmediate(() => socket.write(request.slice(at), () => socket.resetAndDestroy()));
          }
          await within(once(socket, "close"), "close");
        });
        await Promise.all(round);
      }
      await expectUnharmed(SEED);
    });

    it(`[M8] random packets end nothing but their own connection (seed ${SEED})`, async function () {
      this.timeout(REQUESTS * 50);
      const rng = seededRandom(`${SEED}-packets`);
      for (let done = 0; done < REQUESTS / 4; done += 1) {
        const raw = await t.raw();
        const joins = rng.uniform() < 0.7;
        if (joins) raw.send("40");
        for (let i = below(rng, 12); i > 0; i -= 1) {
          const pieces = Array.from({ length: 1 + below(rng, 5) }, () => pick(rng, PIECES));
          if (joins && rng.uniform() < 0.5) pieces.unshift("42");
          if (rng.uniform() < 0.15) raw.send(randomBytes(rng, below(rng, 50)));
          else raw.send(pieces.join(""));
        }
        raw.websocket.close();
        await within(raw.closed, `close (seed ${SEED}, ${done})`);
      }
      await expectUnharmed(SEED);
    });
  });
}
