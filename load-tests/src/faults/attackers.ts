/*
 * A process of its own for those who attack, so that what they cost is not taken for what the server does. It is
 * told whom and how, says when all are there, and after how long each was put out.
 */
import { connect } from "node:net";
import type { Socket } from "node:net";
import { fileURLToPath } from "node:url";
import { OPCODE, encodeFrame } from "../net/frames.ts";
import { eachOf } from "../run/together.ts";

export type Attack =
  { how: "slow"; url: string; count: number } | { how: "flood"; url: string; what: Flood };

/** When it was put out, in ms: since it was connected, or since it began to flood. */
export type Told = { is: "ready" } | { is: "there" } | { is: "out"; who: string; afterMs: number };

/** Between two bytes of those who drip, in ms; they do not drip in step. */
const DRIP_MS = 1000;
const GROUPS = 20;

const UPGRADE =
  "GET /socket.io/?EIO=4&transport=websocket HTTP/1.1\r\nHost: sea\r\nConnection: Upgrade\r\n" +
  "Upgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n";
const POST = "POST /desk/api/sign-in HTTP/1.1\r\nHost: sea\r\nContent-Type: application/json\r\n";
const HEADERS = "GET / HTTP/1.1\r\nHost: sea\r\nX-Slow: ";
const DROPS = "a".repeat(1000);

/** What each says when it is connected, and what it lets drip afterwards. */
const SLOW: Record<string, { first: string | Buffer; drips: string | Buffer }> = {
  "says nothing": { first: "", drips: "" },
  "drips a request": { first: "", drips: HEADERS + DROPS },
  "drips a header": { first: HEADERS, drips: DROPS },
  "drips a body": { first: `${POST}Content-Length: 9000\r\n\r\n`, drips: DROPS },
  "drips a chunked body": {
    first: `${POST}Transfer-Encoding: chunked\r\n\r\n`,
    drips: "1\r\na\r\n".repeat(100),
  },
  "drips a body that nobody wants": {
    first: "GET / HTTP/1.1\r\nHost: sea\r\nContent-Length: 9000\r\n\r\n",
    drips: DROPS,
  },
  "asks once and stays": { first: "GET /healthz HTTP/1.1\r\nHost: sea\r\n\r\n", drips: "" },
  "upgrades and says nothing": { first: UPGRADE, drips: "" },
  "upgrades and drips a frame": { first: UPGRADE, drips: encodeFrame(OPCODE.text, DROPS) },
};
export const SLOW_KINDS = Object.keys(SLOW);

/** What a flooder sends, over and over. */
const FLOODS = {
  quotas: '421["session:quotas",{}]',
  rooms: '421["room:list",{}]',
  secrets: '421["feed:world",{}]',
  catches: '421["bottle:catch",{}]',
  "what is no command": '421["no:such",{}]',
  "answers to no ping": "3",
};
export type Flood = keyof typeof FLOODS;
export const FLOOD_KINDS = Object.keys(FLOODS) as Flood[];
/** Frames of one write, and writes of one turn: between turns it looks whether it is out. */
const FRAMES = 1000;
const WRITES = 8;

const tell = (told: Told): void => void process.send?.(told);

/** Never closes by itself, whatever the other side says; `out` is called once. */
function dial(url: URL, out: () => void): Socket {
  const { hostname: host, port } = url;
  const socket = connect({ host, port: Number(port), allowHalfOpen: true, noDelay: true });
  let isOut = false;
  const end = (): void => {
    if (!isOut) out();
    isOut = true;
  };
  return socket.on("error", end).on("end", end).on("close", end);
}

async function slow(url: URL, count: number): Promise<void> {
  const groups = Array.from({ length: GROUPS }, () => new Set<() => void>());
  let at = 0;
  setInterval(() => {
    for (const drip of groups[at % GROUPS]!) drip();
    at += 1;
  }, DRIP_MS / GROUPS);
  await eachOf(count, async (number) => {
    const who = SLOW_KINDS[number % SLOW_KINDS.length]!;
    const { first, drips } = SLOW[who]!;
    const dripping = groups[number % GROUPS]!;
    let said = 0;
    await new Promise<void>((there) => {
      let from = performance.now();
      const drip = (): void => {
        const next = drips.slice(said, said + 1);
        said += 1;
        if (next.length > 0) socket.write(next);
      };
      const socket = dial(url, () => {
        dripping.delete(drip);
        tell({ is: "out", who, afterMs: performance.now() - from });
        there();
      });
      socket.resume().once("connect", () => {
        from = performance.now();
        if (first.length > 0) socket.write(first);
        dripping.add(drip);
        there();
      });
    });
  });
  tell({ is: "there" });
}

/** Comes in as anybody does, and then sends as fast as it can, reading all that it is told. */
function flood(url: URL, what: Flood): void {
  const frames = Buffer.concat(
    Array.from({ length: FRAMES }, () => encodeFrame(OPCODE.text, FLOODS[what])),
  );
  let from = Infinity;
  const socket = dial(url, () => {
    socket.destroy();
    tell({ is: "out", who: what, afterMs: performance.now() - from });
  });
  const send = (): void => {
    if (socket.destroyed) return;
    let isTaken = true;
    for (let i = 0; isTaken && i < WRITES; i += 1) isTaken = socket.write(frames);
    if (isTaken) setImmediate(send);
    else socket.once("drain", send);
  };
  let said = "";
  let isIn = false;
  socket.once("connect", () => socket.write(UPGRADE));
  socket.on("data", (data: Buffer) => {
    if (from < Infinity) return;
    said += data.toString("latin1");
    if (!isIn && said.includes('0{"sid"')) {
      isIn = true;
      socket.write(encodeFrame(OPCODE.text, '40{"protocol":1}'));
    }
    if (!said.includes("session:ready")) return;
    tell({ is: "there" });
    from = performance.now();
    send();
  });
}

// Whoever only asks what kinds there are hears no orders.
if (process.argv[1] === fileURLToPath(import.meta.url)) {
  process.on("message", (attack: Attack) => {
    const url = new URL(attack.url);
    if (attack.how === "flood") flood(url, attack.what);
    else void slow(url, attack.count);
  });
  process.once("disconnect", () => process.exit());
  tell({ is: "ready" });
}
