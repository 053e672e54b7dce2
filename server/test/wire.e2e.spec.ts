import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { expect } from "chai";
import { nanoid } from "nanoid";
import { WebSocket } from "ws";
import type { CommandName, WireError } from "@driftsea/protocol";
import { below, seededRandom } from "../src/lib/random.ts";
import type { Rng } from "../src/lib/random.ts";
import { onEverySetup } from "./harness/server.ts";
import { Visitor, until } from "./harness/visitor.ts";

const nano = () => nanoid();
const SECRET = "s".repeat(43);
const HASH = "0f".repeat(32);
const SOLUTION = {
  challenge: {
    parameters: {
      algorithm: "SHA-256",
      cost: 1,
      data: { most: 10 },
      expiresAt: 1,
      keyLength: 32,
      keyPrefix: HASH,
      nonce: HASH,
      salt: HASH,
    },
    signature: HASH,
  },
  solution: { counter: 7, derivedKey: HASH },
};

const folder = mkdtempSync(join(tmpdir(), "driftsea-wire-"));
const PLACES = join(folder, "places.json");
writeFileSync(PLACES, JSON.stringify([{ id: "town", title: { en: "The town", zh: "城里" } }]));
after(() => rmSync(folder, { recursive: true, force: true }));

/** Each command with a payload that has the right form. */
const FORMS: { [N in CommandName]: () => Record<string, unknown> } = {
  "session:quotas": () => ({}),
  "session:inbox": () => ({ after: "0" }),
  "bottle:throw": () => ({
    id: nano(),
    text: "x",
    kind: "plain",
    mood: "calm",
    sea: "world",
    lifetimeMs: 3_600_000,
    finders: 1,
    sealedUntilAt: Date.now() + 100_000,
    puzzle: SOLUTION,
    confirmed: true,
  }),
  "bottle:catch": () => ({ sea: "world" }),
  "bottle:hold": () => ({ bottleId: nano() }),
  "bottle:answer": () => ({ id: nano(), bottleId: nano(), text: "x", confirmed: true }),
  "bottle:release": () => ({ bottleId: nano() }),
  "bottle:recall": () => ({ bottleId: nano() }),
  "bottle:mine": () => ({}),
  "bottle:mute": () => ({ bottleId: nano(), muted: true }),
  "push:watch": () => ({ bottleId: nano(), endpoint: "https://fcm.googleapis.com/fcm/send/x" }),
  "push:unwatch": () => ({ bottleId: nano() }),
  "sea:list": () => ({}),
  "thread:list": () => ({}),
  "thread:open": () => ({ threadId: nano(), after: 0 }),
  "thread:send": () => ({ id: nano(), threadId: nano(), text: "x", confirmed: true }),
  "thread:type": () => ({ threadId: nano(), typing: true }),
  "thread:mute": () => ({ threadId: nano(), muted: true }),
  "thread:leave": () => ({ threadId: nano() }),
  "room:create": () => ({
    id: nano(),
    title: "x",
    lifetime: { kind: "fixed", ms: 60_000 },
    access: "listed",
    capacity: 2,
    encrypted: false,
    slowModeMs: 0,
    links: true,
    confirmed: true,
  }),
  "room:list": () => ({}),
  "room:enter": () => ({ roomId: nano(), invite: SECRET, after: 0, epoch: 0 }),
  "room:send": () => ({
    id: nano(),
    roomId: nano(),
    text: "x",
    sealed: "A".repeat(342),
    photo: Buffer.from("x"),
    timer: { once: true },
    re: 1,
    epoch: 0,
    seq: 1,
    confirmed: true,
  }),
  "room:seen": () => ({ roomId: nano(), seq: 1 }),
  "room:type": () => ({ roomId: nano(), typing: true }),
  "room:leave": () => ({ roomId: nano() }),
  "room:invite": () => ({ roomId: nano(), ownerKey: SECRET, uses: 1, ttlMs: 1000 }),
  "room:lock": () => ({ roomId: nano(), ownerKey: SECRET, locked: true }),
  "room:kick": () => ({ roomId: nano(), ownerKey: SECRET, personaId: nano() }),
  "room:admit": () => ({ roomId: nano(), ownerKey: SECRET, personaId: nano() }),
  "room:motd": () => ({ roomId: nano(), ownerKey: SECRET, text: "x", confirmed: true }),
  "room:destroy": () => ({ roomId: nano(), ownerKey: SECRET }),
  "hole:status": () => ({}),
  "hole:write": () => ({ id: nano(), text: "x", confirmed: true }),
  "hole:read": () => ({}),
  "meet:seek": () => ({ interests: ["x"], mode: "random" }),
  "meet:cancel": () => ({ meetId: nano() }),
  "meet:skip": () => ({ meetId: nano() }),
  "circle:invite": () => ({ uses: 1 }),
  "circle:accept": () => ({ code: SECRET }),
  "circle:status": () => ({}),
  "circle:leave": () => ({ code: SECRET }),
  "feed:open": () => ({ cursor: "1", place: "town" }),
  "feed:world": () => ({ cursor: "1" }),
  "feed:post": () => ({
    id: nano(),
    text: "x",
    background: "dusk",
    photo: Buffer.from([0xff, 0xd8, 0xff, 0xe0]),
    ownerHash: SECRET,
    identity: "once",
    comments: "circle",
    icons: "steady",
    poll: true,
    place: "town",
    confirmed: true,
  }),
  "feed:own": () => ({ postId: nano(), ownerKey: SECRET }),
  "feed:heart": () => ({ postId: nano(), on: true }),
  "feed:share": () => ({ postId: nano() }),
  "feed:comment": () => ({
    id: nano(),
    postId: nano(),
    text: "x",
    ownerKey: SECRET,
    confirmed: true,
  }),
  "feed:comments": () => ({ postId: nano(), after: 1 }),
  "feed:vote": () => ({ postId: nano(), choice: "yes" }),
  "feed:hide": () => ({ postId: nano() }),
  "feed:mute": () => ({ postId: nano() }),
  "feed:delete": () => ({ postId: nano(), ownerKey: SECRET }),
  "ask:make": () => ({ id: nano(), ownerHash: SECRET, mutedWords: ["x"] }),
  "ask:set": () => ({ box: SECRET, ownerKey: SECRET, isOn: true, mutedWords: ["x"] }),
  "ask:read": () => ({ box: SECRET, cursor: "1" }),
  "ask:ask": () => ({ id: nano(), box: SECRET, text: "x", confirmed: true }),
  "ask:questions": () => ({ box: SECRET, ownerKey: SECRET }),
  "ask:answer": () => ({
    id: nano(),
    box: SECRET,
    ownerKey: SECRET,
    questionId: nano(),
    text: "x",
    confirmed: true,
  }),
  "ask:drop": () => ({ box: SECRET, ownerKey: SECRET, questionId: nano() }),
  "ask:close": () => ({ box: SECRET, ownerKey: SECRET }),
  "place:list": () => ({}),
  "place:say": () => ({ placeId: "town" }),
  "safety:report": () => ({
    id: nano(),
    target: { kind: "bottle", id: nano() },
    reason: "spam",
    note: "x",
  }),
  "safety:screen": () => ({ text: "x", where: "bottle" }),
  "safety:appeal": () => ({ id: nano(), noticeId: nano(), text: "it was a joke" }),
  "safety:block": () => ({ target: { kind: "bottle", id: nano() } }),
  // Last: it ends the session.
  "session:forget": () => ({}),
};

const MANDATORY = new Set([
  "id",
  "text",
  "bottleId",
  "threadId",
  "muted",
  "typing",
  "target",
  "reason",
  "roomId",
  "lifetime",
  "access",
  "ownerKey",
  "personaId",
  "locked",
  "postId",
  "on",
  "choice",
  "ownerHash",
  "box",
  "questionId",
  "placeId",
  "where",
]);
/** What is right for one field although it is wrong for all others, or may be left out there. */
const RIGHT = new Set([
  "meet:seek interests: an array",
  "meet:seek interests: an empty array",
  "ask:make mutedWords: an array",
  "ask:make mutedWords: an empty array",
  "ask:set mutedWords: an array",
  "ask:set mutedWords: an empty array",
  "room:send photo: bytes",
  "place:say placeId: null",
]);
const OPTIONAL = new Set(["room:send text", "feed:comment ownerKey"]);

function nested(depth: number): unknown {
  let value: unknown = [];
  for (let i = 0; i < depth; i += 1) value = [value];
  return value;
}

/** Values that no field of any command takes. */
const NEVER: [string, unknown][] = [
  ["null", null],
  ["an object", { a: 1 }],
  ["an array", ["x"]],
  ["an empty array", []],
  ["300 deep", nested(300)],
  ["1 MB", "x".repeat(1024 * 1024)],
  ["a fraction", 1.5],
  ["a negative number", -1],
  ["a huge number", 1e300],
  ["a lone surrogate", "\ud800"],
  ["zero-width characters", "\u200b\u200d\u2060".repeat(50)],
  ["bytes", Buffer.from("x")],
];

/** DRIFTSEA_SEED=x sends other payloads; DRIFTSEA_LONG=1 a million over the four setups. */
const SEED = process.env["DRIFTSEA_SEED"] ?? "payloads";
const RANDOM_PAYLOADS = process.env["DRIFTSEA_LONG"] ? 250_000 : 2500;

function pick<T>(rng: Rng, items: readonly T[]): T {
  return items[below(rng, items.length)]!;
}

/** Anything that JSON can say, to a depth of some members. */
function randomValue(rng: Rng, depth = 0): unknown {
  const roll = below(rng, depth > 3 ? 7 : 9);
  if (roll === 0) return null;
  if (roll === 1) return rng.uniform() < 0.5;
  if (roll === 2) return below(rng, 2000) - 1000;
  if (roll === 3) return (rng.uniform() - 0.5) * 10 ** below(rng, 300);
  if (roll === 4) return nanoid();
  if (roll < 7) return randomText(rng);
  const members = Array.from({ length: below(rng, 5) }, () => randomValue(rng, depth + 1));
  return roll === 7 ? members : Object.fromEntries(members.map((m) => [randomText(rng), m]));
}

/** Bytes of heap that are still in use. */
function collectedHeap(): number {
  setFlagsFromString("--expose-gc");
  (runInNewContext("gc") as () => void)();
  return process.memoryUsage().heapUsed;
}

const PIECES = [
  "a",
  "b",
  " ",
  "中",
  "\n",
  "\u0000",
  "\u200d",
  "\u202e",
  "\ud800",
  "😀",
  "__proto__",
  "id",
];

function randomText(rng: Rng): string {
  const length = rng.uniform() < 0.02 ? 2000 : below(rng, 12);
  return Array.from({ length }, () => pick(rng, PIECES)).join("");
}

/** The right form, with fields left out, replaced or added; sometimes no object at all. */
function randomPayload(rng: Rng, form: Record<string, unknown>): unknown {
  if (rng.uniform() < 0.05) return randomValue(rng);
  const fields = Object.entries(form).flatMap(([name, value]): [string, unknown][] => {
    const roll = rng.uniform();
    if (roll < 0.08) return [];
    return [[name, roll < 0.3 ? randomValue(rng) : value]];
  });
  if (rng.uniform() < 0.2) fields.push([randomText(rng), randomValue(rng)]);
  return Object.fromEntries(fields);
}

/** Speaks the protocol by hand, so that it can say what no client library would. */
class RawClient {
  readonly #socket: WebSocket;
  #ack = 0;

  private constructor(socket: WebSocket) {
    this.#socket = socket;
  }

  static async open(url: string): Promise<RawClient> {
    const socket = new WebSocket(
      `${url.replace("http", "ws")}/socket.io/?EIO=4&transport=websocket`,
    );
    const client = new RawClient(socket);
    await client.#packet((text) => text.startsWith("0"));
    socket.send('40{"protocol":1}');
    await client.#packet((text) => text.startsWith("40"));
    return client;
  }

  async #packet(wanted: (text: string) => boolean): Promise<string> {
    return new Promise((resolve, reject) => {
      const read = (data: Buffer): void => {
        if (!wanted(data.toString())) return;
        this.#socket.off("message", read);
        this.#socket.off("close", closed);
        resolve(data.toString());
      };
      this.#socket.on("message", read);
      const closed = (): void => reject(new Error("closed"));
      this.#socket.once("close", closed);
    });
  }

  write(text: string): void {
    this.#socket.send(text);
  }

  /** The error of the reply to a command whose payload is this JSON text. */
  async refused(name: string, json: string): Promise<WireError> {
    this.#ack += 1;
    const reply = this.#packet((text) => text.startsWith(`43${this.#ack}[`));
    this.write(`42${this.#ack}["${name}",${json}]`);
    const text = await reply;
    const [answer] = JSON.parse(text.slice(text.indexOf("["))) as [{ error: WireError }];
    return answer.error;
  }

  close(): void {
    this.#socket.close();
  }
}

onEverySetup("the wire", (setup) => {
  it("[M8] every command × every field × every wrong value is invalid, with the field", async function () {
    this.timeout(60_000);
    const server = await setup.start({ RATE_LIMITS: "off", PLACES });
    const ann = await Visitor.come(server.url);
    let tried = 0;
    for (const name of Object.keys(FORMS) as CommandName[]) {
      for (const field of Object.keys(FORMS[name]())) {
        for (const [what, value] of NEVER) {
          const where = `${name} ${field}: ${what}`;
          if (RIGHT.has(where)) continue;
          const form = FORMS[name]();
          // A second attachment is no wrong value: it closes the connection.
          if (Buffer.isBuffer(value)) delete form["photo"];
          const reply = await ann.raw(name, { ...form, [field]: value });
          expect(reply, where).to.have.nested.property("error.code", "invalid");
          expect(reply, where).to.have.nested.property(`error.fields.${field}`);
          tried += 1;
        }
        if (!MANDATORY.has(field) || OPTIONAL.has(`${name} ${field}`)) continue;
        const { [field]: _, ...rest } = FORMS[name]();
        expect(await ann.raw(name, rest), `${name} without ${field}`).to.have.nested.property(
          `error.fields.${field}`,
        );
      }
      const extra = await ann.raw(name, { ...FORMS[name](), surprise: 1 });
      expect(extra).to.have.nested.property("error.fields.surprise");
      for (const payload of [null, undefined, 7, "x", true, [], [{}], nested(300)]) {
        const reply = await ann.raw(name, payload);
        expect(reply, `${name} ${typeof payload}`).to.have.nested.property("error.code", "invalid");
      }
      expect(await ann.raw(name), `${name} bare`).to.have.nested.property("error.code", "invalid");
      expect(await ann.raw(name, FORMS[name](), {})).to.have.nested.property(
        "error.code",
        "invalid",
      );
    }
    expect(tried).to.be.greaterThan(300);
    expect((await ann.ask("bottle:mine", {})).bottles).to.deep.equal([]);
    expect((await ann.ask("session:quotas", {})).throws.left).to.equal(10);
  });

  it("[M8] ten thousand deep, prototypes and half packets by a raw socket: invalid, and alive", async () => {
    const server = await setup.start();
    const raw = await RawClient.open(server.url);
    const deep = `${"[".repeat(10_000)}${"]".repeat(10_000)}`;
    const objects = `${'{"a":'.repeat(10_000)}1${"}".repeat(10_000)}`;
    for (const value of [deep, objects]) {
      const id = JSON.stringify(nano());
      for (const [name, payload, field] of [
        ["bottle:throw", `{"id":${id},"text":${value}}`, "text"],
        ["bottle:hold", `{"bottleId":${value}}`, "bottleId"],
        ["safety:block", `{"target":${value}}`, "target"],
        ["bottle:mine", value, "payload"],
      ] as const) {
        const error = await raw.refused(name, payload);
        expect(error.code, name).to.equal("invalid");
        // An object at the top is one whose only field is too deep.
        const wanted = name === "bottle:mine" && value === objects ? "a" : field;
        expect(Object.keys(error.fields ?? {}), name).to.deep.equal([wanted]);
      }
    }
    for (const name of ["__proto__", "constructor", "prototype"]) {
      const error = await raw.refused("bottle:throw", `{"${name}":{"x":1},"id":1,"text":"x"}`);
      expect(Object.keys(error.fields ?? {})).to.include(name);
    }
    const long = await raw.refused("bottle:hold", `{"${"k".repeat(100_000)}":1}`);
    expect(JSON.stringify(long).length).to.be.lessThan(1000);
    raw.close();
    // Each of these ends its own connection at the most.
    for (const junk of [
      "4",
      "42",
      "42[",
      '42["bottle:mine"',
      "451-",
      '42[{"a":1},{}]',
      "42[1]",
      "\u0000",
      "3probe",
    ]) {
      const other = await RawClient.open(server.url);
      other.write(junk);
      other.write('421["bottle:mine",{}]');
      other.close();
    }
    const ann = await Visitor.come(server.url);
    expect((await ann.ask("bottle:mine", {})).bottles).to.deep.equal([]);
  });

  it(`[M8] random payloads are answered, ${RANDOM_PAYLOADS} of them (seed ${SEED})`, async function () {
    this.timeout(Math.max(30_000, RANDOM_PAYLOADS * 20));
    const server = await setup.start({ RATE_LIMITS: "off", LOG_LEVEL: "error", PLACES });
    const strays: unknown[] = [];
    const stray = (reason: unknown): void => void strays.push(reason);
    process.on("unhandledRejection", stray);
    const rng = seededRandom(`${SEED}-${setup.name}`);
    const names = (Object.keys(FORMS) as CommandName[]).filter((name) => name !== "session:forget");
    const codes = new Map<string, number>();
    let early = 0;
    try {
      for (let done = 0; done < RANDOM_PAYLOADS; done += 250) {
        // Not always the same one: a drifter's history is bounded by his quotas.
        const visitor = await Visitor.come(server.url);
        const round = Array.from({ length: 250 }, async () => {
          const name = pick(rng, names);
          const reply = await visitor.raw(name, randomPayload(rng, FORMS[name]()));
          const code = reply.ok ? "ok" : reply.error.code;
          codes.set(code, (codes.get(code) ?? 0) + 1);
          if (code === "invalid")
            expect(reply).to.have.nested.property("error.fields").that.is.not.empty;
        });
        await Promise.all(round);
        await visitor.leave();
        if (done <= RANDOM_PAYLOADS / 10) early = collectedHeap();
      }
    } finally {
      process.off("unhandledRejection", stray);
    }
    expect(strays).to.deep.equal([]);
    expect([...codes.keys()]).to.not.include.members(["internal"]);
    expect(codes.get("invalid")).to.be.greaterThan(RANDOM_PAYLOADS / 4);
    expect(codes.get("ok")).to.be.greaterThan(0);
    // Nothing heaps up after the first tenth.
    const growth = collectedHeap() - early;
    expect(growth, "bytes of heap").to.be.lessThan(64 * 1024 * 1024);
    expect(server.log()).to.equal("");
    const ann = await Visitor.come(server.url);
    expect((await ann.ask("bottle:mine", {})).bottles).to.deep.equal([]);
  });

  it("an unknown command is answered, names of prototypes too", async () => {
    const server = await setup.start();
    const ann = await Visitor.come(server.url);
    for (const name of ["nope", "constructor", "toString", "__proto__", "bottle:"])
      expect(await ann.raw(name, {})).to.have.nested.property("error.code", "not_found");
  });

  it("what has no acknowledgement function is ignored and counted", async () => {
    const server = await setup.start();
    const ann = await Visitor.come(server.url);
    ann.socket.emit("bottle:throw", { id: nano(), text: "unheard" });
    ann.socket.emit("nope");
    await until(async () => {
      const metrics = await (await fetch(`${server.url}/metrics`)).text();
      return metrics.includes("driftsea_ignored_total 2");
    }, "two ignored packets");
    expect((await ann.ask("bottle:mine", {})).bottles).to.deep.equal([]);
  });

  it("who asks too fast is told so, and is heard again later", async () => {
    const server = await setup.start();
    const ann = await Visitor.come(server.url);
    const replies = await Promise.all(
      Array.from({ length: 1500 }, () => ann.raw("session:quotas", {})),
    );
    const refused = replies.filter((reply) => !reply.ok);
    expect(refused.length).to.be.within(1, 500);
    for (const reply of refused)
      expect(reply).to.have.nested.property("error.code", "rate_limited");
    expect(refused[0]).to.have.nested.property("error.retryAfterMs").that.is.greaterThan(0);
    await until(async () => (await ann.raw("session:quotas", {})).ok, "to be heard again");
  });

  it("what costs the store much takes more of what he may ask", async () => {
    const server = await setup.start();
    for (const [name, cost] of [
      ["thread:open", 10],
      ["bottle:mine", 5],
      // 500 answers at once.
      ["feed:comments", 5],
    ] as const) {
      const ann = await Visitor.come(server.url);
      const replies = await Promise.all(
        Array.from({ length: 400 }, () => ann.raw(name, FORMS[name]())),
      );
      const isRefused = (reply: (typeof replies)[number]): boolean =>
        !reply.ok && reply.error.code === "rate_limited";
      // A burst of 1000, and what comes back while it is answered.
      expect(replies.filter((reply) => !isRefused(reply)).length, name).to.be.within(
        1000 / cost,
        300,
      );
      await until(async () => (await ann.raw("session:quotas", {})).ok, "to be heard again");
    }
  });

  it("[M8] takes no number that a script of the store could not keep", async () => {
    const server = await setup.start();
    const ann = await Visitor.come(server.url);
    for (const [name, field] of [
      ["thread:open", "after"],
      ["room:enter", "after"],
      ["room:enter", "epoch"],
      ["room:send", "re"],
      ["room:send", "epoch"],
      ["room:send", "seq"],
      ["room:seen", "seq"],
    ] as const) {
      const faultWith = async (value: number): Promise<unknown> => {
        const reply = await ann.raw(name, { ...FORMS[name](), [field]: value });
        return reply.ok ? undefined : reply.error.fields?.[field];
      };
      expect(await faultWith(1e12), `${name} ${field}`).to.equal(undefined);
      expect(await faultWith(1e12 + 1), `${name} ${field}`).to.be.a("string");
    }
    const target = { kind: "thread", id: nano(), seq: 1e12 + 1 };
    expect(await ann.raw("safety:block", { target })).to.have.nested.property(
      "error.fields.target",
    );
  });

  it("other sites' pages do not get in, and one address only so often", async () => {
    const server = await setup.start({ CONNECTIONS_PER_ADDRESS: 3 });
    const status = async (origin?: string): Promise<string> => {
      const url = `${server.url.replace("http", "ws")}/socket.io/?EIO=4&transport=websocket`;
      const socket = new WebSocket(url, origin === undefined ? {} : { origin });
      return new Promise((resolve) => {
        socket.once("open", () => resolve("open"));
        socket.once("error", (error) => resolve(error.message));
      }).then((result) => {
        socket.terminate();
        return String(result);
      });
    };
    expect(await status("https://evil.example")).to.include("403");
    expect(await status(`http://127.0.0.1:${server.port}`)).to.equal("open");
    const three = [];
    await until(async () => {
      try {
        three.push(await Visitor.come(server.url));
      } catch {
        return true;
      }
      return false;
    }, "the limit");
    expect(three.length).to.equal(3);
  });
});
