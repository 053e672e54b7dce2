import { below } from "../../src/lib/random.ts";
import type { Rng } from "../../src/lib/random.ts";
import { upgradeRequest } from "../../src/transport/transport.harness.ts";

/** What somebody sends who means harm: something valid, changed by a seeded hand. */

export function pick<T>(rng: Rng, items: readonly T[]): T {
  return items[below(rng, items.length)]!;
}

const HOSTILE_TEXT = [
  "",
  " ",
  "\u0000",
  "\ud800",
  "\u202e",
  "\u200d".repeat(50),
  "😀",
  "__proto__",
  "constructor",
  "toString",
  "%",
  "%00",
  "../../etc/passwd",
  "{{7*7}}",
  "*",
  "\r\nSET a b\r\n",
  "return redis.call('FLUSHALL')",
  "1e999",
  "x".repeat(1001),
  "ｆｒｅｅ　ｓ３ｘ",
  "加我微信".repeat(30),
];
const HOSTILE_NUMBERS = [0, -0, -1, 0.5, 1e12 + 1, 2 ** 31, 2 ** 53, -(2 ** 63), 1e300];

function randomBytes(rng: Rng, length: number): Buffer {
  return Buffer.from(Array.from({ length }, () => below(rng, 256)));
}

/** Some bytes changed, cut off, doubled or put in. */
export function damaged(rng: Rng, bytes: Buffer): Buffer {
  const at = below(rng, bytes.length + 1);
  switch (below(rng, 4)) {
    case 0: {
      const other = Buffer.from(bytes);
      for (let n = 1 + below(rng, 4); n > 0 && other.length > 0; n -= 1)
        other[below(rng, other.length)] = below(rng, 256);
      return other;
    }
    case 1:
      return bytes.subarray(0, at);
    case 2:
      return Buffer.concat([bytes.subarray(0, at), randomBytes(rng, 1 + below(rng, 20))]);
    default:
      return Buffer.concat([bytes.subarray(0, at), bytes.subarray(below(rng, at + 1))]);
  }
}

function mutatedText(rng: Rng, text: string): string {
  const at = below(rng, text.length + 1);
  switch (below(rng, 5)) {
    case 0:
      return pick(rng, HOSTILE_TEXT);
    case 1:
      return text.slice(0, at);
    case 2:
      return text.slice(0, at) + pick(rng, HOSTILE_TEXT) + text.slice(at);
    case 3:
      return text.slice(0, at) + String.fromCharCode(below(rng, 0x10000)) + text.slice(at + 1);
    default:
      return text.repeat(1 + below(rng, rng.uniform() < 0.05 ? 300 : 3));
  }
}

function nested(depth: number): unknown {
  let value: unknown = 1;
  for (let i = 0; i < depth; i += 1) value = i % 2 === 0 ? [value] : { a: value };
  return value;
}

/** Any one place in a value of JSON changed. */
export function mutated(rng: Rng, value: unknown): unknown {
  if (rng.uniform() < 0.1) {
    const others = [null, true, [], {}, "x", 7, nested(below(rng, 40)), { _placeholder: true }];
    return pick<unknown>(rng, others);
  }
  if (typeof value === "string") return mutatedText(rng, value);
  if (typeof value === "number")
    return rng.uniform() < 0.5 ? pick(rng, HOSTILE_NUMBERS) : value + below(rng, 3) - 1;
  if (typeof value === "boolean") return !value;
  if (Array.isArray(value)) {
    const items: unknown[] = [...(value as unknown[])];
    if (items.length > 0 && rng.uniform() < 0.6) {
      const at = below(rng, items.length);
      items[at] = mutated(rng, items[at]);
    } else items.push(pick(rng, HOSTILE_TEXT));
    return items;
  }
  if (typeof value !== "object" || value === null) return pick(rng, HOSTILE_TEXT);
  const members = Object.entries(value);
  if (members.length === 0 || rng.uniform() < 0.1)
    return { ...value, [pick(rng, HOSTILE_TEXT)]: pick(rng, HOSTILE_TEXT) };
  const at = below(rng, members.length);
  if (rng.uniform() < 0.15) members.splice(at, 1);
  else members[at] = [members[at]![0], mutated(rng, members[at]![1])];
  return Object.fromEntries(members);
}

const TARGETS = [
  "/",
  "/healthz",
  "/metrics",
  "/rules.json",
  "/screening.json",
  "/desk",
  "/media/123456789012345678901/123456789012345678901",
  "/assets/x.js",
  "/socket.io/?EIO=4&transport=websocket",
  "/socket.io/?EIO=4&transport=polling",
];
const LINES = [
  ["accept-encoding", "br, gzip;q=0"],
  ["if-none-match", '"x"'],
  ["origin", "https://x.example"],
  ["x-forwarded-for", "192.0.2.1, ::1"],
  ["content-length", "5"],
  ["transfer-encoding", "chunked"],
  ["expect", "100-continue"],
  ["connection", "close"],
  ["cookie", "a=b"],
] as const;

/** A request of HTTP, often not quite one. */
export function httpRequest(rng: Rng): Buffer {
  const roll = rng.uniform();
  const lines = Object.fromEntries(
    Array.from({ length: below(rng, 4) }, () => pick<readonly [string, string]>(rng, LINES)),
  );
  let text: string;
  if (roll < 0.3) text = upgradeRequest(undefined, lines);
  else if (roll < 0.4) {
    const body = JSON.stringify(mutated(rng, { name: "mo", password: "x", code: "000000" }));
    const verb = pick(rng, ["queue", "decide", "log", "sign-out", "__proto__", "nothing"]);
    const head = { ...lines, host: "x", "content-type": "application/json" };
    const length = rng.uniform() < 0.7 ? Buffer.byteLength(body) : below(rng, 1e6);
    text = `POST /desk/api/${verb} HTTP/1.1\r\n${headers({ ...head, "content-length": String(length) })}\r\n${body}`;
  } else {
    const target = rng.uniform() < 0.7 ? pick(rng, TARGETS) : mutatedText(rng, pick(rng, TARGETS));
    const method = pick(rng, ["GET", "GET", "GET", "HEAD", "POST", "OPTIONS", "DELETE"]);
    text = `${method} ${target} HTTP/1.1\r\n${headers({ host: "x", ...lines })}\r\n`;
  }
  const bytes = Buffer.from(text, "latin1");
  return rng.uniform() < 0.6 ? damaged(rng, bytes) : bytes;
}

const headers = (lines: Record<string, string>): string =>
  Object.entries(lines)
    .map(([name, value]) => `${name}: ${value}\r\n`)
    .join("");

/** A masked frame (RFC 6455, 5.2); without a fault where `fault` is none. */
export function frame(payload: Buffer | string, opcode = 1, isFinal = true): Buffer {
  const bytes = Buffer.from(payload as string);
  const { length } = bytes;
  const size =
    length < 126
      ? Buffer.from([0x80 | length])
      : length < 65_536
        ? Buffer.from([0x80 | 126, length >> 8, length & 255])
        : Buffer.from([
            0x80 | 127,
            0,
            0,
            0,
            0,
            length >>> 24,
            (length >> 16) & 255,
            (length >> 8) & 255,
            length & 255,
          ]);
  const head = Buffer.from([(isFinal ? 0x80 : 0) | opcode]);
  return Buffer.concat([head, size, Buffer.alloc(4), bytes]);
}

/** A frame that breaks a rule of its own, or only looks as if. */
export function hostileFrame(rng: Rng): Buffer {
  const text = Buffer.from(pick(rng, ["2", "3", "42[]", '421["session:quotas",{}]']));
  switch (below(rng, 7)) {
    case 0: // an opcode that there is not, or bits that are kept
      return Buffer.concat([Buffer.from([below(rng, 256)]), frame(text).subarray(1)]);
    case 1: // not masked
      return Buffer.concat([Buffer.from([0x81, text.length]), text]);
    case 2: // longer than it says, or never whole
      return Buffer.from([0x81, 0xff, 0, 0, 0, 0, below(rng, 256), 255, 255, 255, 1, 2, 3, 4]);
    case 3: // no UTF-8
      return frame(randomBytes(rng, 1 + below(rng, 100)));
    case 4: // a continuation of nothing, or one that never ends
      return frame(text, pick(rng, [0, 1, 2]), false);
    case 5: // a control frame that is too long, or in parts
      return frame(randomBytes(rng, below(rng, 200)), pick(rng, [8, 9, 10]), rng.uniform() < 0.7);
    default:
      return damaged(rng, frame(text));
  }
}

const ENGINE = ["0", "1", "2", "2probe", "3", "3probe", "4", "5", "6", "7", "b", "bAAAA", "", "\0"];

/** A packet of Engine.IO 4 that has no place, or none here. */
export function enginePacket(rng: Rng): string {
  const packet = pick(rng, ENGINE);
  return rng.uniform() < 0.5 ? packet : packet + mutatedText(rng, packet);
}

const SOCKET = [
  '40{"protocol":1}',
  "40/admin,",
  "41",
  "42[]",
  '42["a"]',
  '420["session:quotas",{}]',
  '4299999999999999999["session:quotas",{}]',
  "431[]",
  '44{"message":"x"}',
  '451-["room:send",{"photo":{"_placeholder":true,"num":0}}]',
  '451-0["feed:post",{"photo":{"_placeholder":true,"num":7}}]',
  "461-1[]",
  '42["connect"]',
  '42["disconnect"]',
  '42["error",{}]',
  '42[{"a":1}]',
];

/** A packet of Socket.IO 5, changed. */
export function socketPacket(rng: Rng): string {
  const packet = pick(rng, SOCKET);
  return rng.uniform() < 0.4 ? packet : mutatedText(rng, packet);
}

export interface Spoken {
  name: string;
  payload: unknown;
}

/** A command as somebody has sent it, with something changed. */
export function commandPacket(rng: Rng, corpus: readonly Spoken[], ack: number): string {
  const { name, payload } = pick(rng, corpus);
  let other = payload;
  for (let n = below(rng, 4); n > 0; n -= 1) other = mutated(rng, other);
  const packet = JSON.stringify([rng.uniform() < 0.03 ? mutatedText(rng, name) : name, other]);
  return `42${ack}${packet}`;
}
