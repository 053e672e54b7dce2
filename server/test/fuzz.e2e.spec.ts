import { connect } from "node:net";
import type { Socket } from "node:net";
import { expect } from "chai";
import type { CommandName, Data, Payload } from "@driftsea/protocol";
import { below, seededRandom } from "../src/lib/random.ts";
import type { Rng } from "../src/lib/random.ts";
import { upgradeRequest } from "../src/transport/transport.harness.ts";
import * as mutants from "./harness/mutants.ts";
import type { Spoken } from "./harness/mutants.ts";
import { MAIN, spawnServer } from "./harness/process.ts";
import { newOwner } from "./harness/circle.ts";
import { startRedis } from "./harness/redis.ts";
import { Visitor, pause, until, writeId } from "./harness/visitor.ts";

/** DRIFTSEA_SEED=x sends other inputs; DRIFTSEA_LONG=1 ten million, five on each engine. */
const SEED = process.env["DRIFTSEA_SEED"] ?? "inputs";
const LONG = Boolean(process.env["DRIFTSEA_LONG"]);
const INPUTS = LONG ? 5_000_000 : Infinity;
const RUN_MS = LONG ? Infinity : 30_000;
/** After this share of a run the heap is what it has to come back to. */
const WARM = 1 / 3;
/** A run of hours says how far it is. */
const PROGRESS_MS = 60_000;
const LANES = 8;
/** Commands in one write. */
const BATCH = 60;
/** Of the other kinds, most of which end the connection. */
const FEW = 6;
/** Each kind is sent so often at least. */
const LEAST = LONG ? 20_000 : 50;
/** What is answered within this is answered, in ms: of what closes a connection nothing comes. */
const PATIENCE_MS = 10_000;

/** Says, when asked, how much is in use after all garbage is collected. */
const PROBE = `process.on("SIGUSR2", () => { gc(); gc(); const m = process.memoryUsage();
process.stdout.write("in use: " + (m.heapUsed + m.external) + "\\n"); });`;
const COMMAND = [
  process.execPath,
  "--expose-gc",
  "--import=tsx",
  "--conditions=source",
  `--import=data:text/javascript,${encodeURIComponent(PROBE)}`,
  MAIN,
];

/** What people do here, as it went over the wire: its ids are real ones, for a while. */
async function speak(url: string, tokens: readonly string[]): Promise<[Spoken[], string[]]> {
  const spoken: Spoken[] = [];
  const [ann, bo] = await Promise.all(
    [0, 1].map((i) => Visitor.come(url, tokens[i] === undefined ? {} : { token: tokens[i] })),
  );
  const say = async <N extends CommandName>(
    who: Visitor,
    name: N,
    payload: Payload<N>,
  ): Promise<Data<N> | null> => {
    spoken.push({ name, payload });
    const reply = await who.send(name, payload);
    return reply.ok ? reply.data : null;
  };
  const id = writeId;
  const made = await say(ann!, "room:create", {
    id: id(),
    title: "a room",
    lifetime: { kind: "idle", ms: 60_000 },
    access: "listed",
    capacity: 500,
    slowModeMs: 0,
    links: true,
  });
  if (made) {
    const { ownerKey } = made;
    const roomId = made.room.id;
    const personaId = (await say(bo!, "room:enter", { roomId, after: 0, epoch: 0 }))?.me.id;
    await say(ann!, "room:enter", { roomId });
    await say(ann!, "room:send", { id: id(), roomId, text: "hello", timer: { once: true } });
    await say(bo!, "room:seen", { roomId, seq: 1 });
    await say(bo!, "room:type", { roomId, typing: true });
    await say(ann!, "room:invite", { roomId, ownerKey, uses: 1, ttlMs: 60_000 });
    await say(ann!, "room:motd", { roomId, ownerKey, text: "welcome" });
    await say(ann!, "room:lock", { roomId, ownerKey, locked: false });
    await say(bo!, "room:leave", { roomId });
    if (personaId) spoken.push({ name: "room:kick", payload: { roomId, ownerKey, personaId } });
    const target = { kind: "room" as const, id: roomId, seq: 1 };
    spoken.push({
      name: "safety:report",
      payload: { id: id(), target, reason: "spam", note: "x" },
    });
    spoken.push({ name: "safety:block", payload: { target } });
  }
  await say(ann!, "bottle:throw", { id: id(), text: "who is there?", kind: "wish", finders: 3 });
  const caught = await say(bo!, "bottle:catch", { sea: "world" as never });
  if (caught?.outcome === "bottle") {
    const bottleId = caught.bottle.id;
    await say(bo!, "bottle:hold", { bottleId });
    spoken.push({ name: "bottle:release", payload: { bottleId } });
    spoken.push({ name: "bottle:recall", payload: { bottleId } });
    const answered = await say(bo!, "bottle:answer", { id: id(), bottleId, text: "I am" });
    if (answered) {
      const threadId = answered.thread.id;
      await say(ann!, "thread:send", { id: id(), threadId, text: "so am I" });
      await say(bo!, "thread:open", { threadId, after: 0 });
      await say(bo!, "thread:type", { threadId, typing: true });
      await say(bo!, "thread:mute", { threadId, muted: false });
      spoken.push({ name: "thread:leave", payload: { threadId } });
    }
  }
  await say(ann!, "hole:write", { id: id(), text: "dear nobody" });
  await say(bo!, "meet:seek", { interests: ["tea", "rain"], mode: "random" });
  const circle = await say(ann!, "circle:invite", { uses: 2 });
  if (circle) await say(bo!, "circle:accept", { code: circle.code });
  const { ownerKey, ownerHash } = newOwner();
  const post = { id: id(), text: "a secret", ownerHash, poll: true, comments: "anyone" } as const;
  const secret = await say(ann!, "feed:post", post);
  if (secret) {
    const postId = secret.post.id;
    await say(ann!, "feed:comment", { id: id(), postId, text: "mine", ownerKey });
    await say(ann!, "feed:comments", { postId, after: 0 });
    await say(ann!, "feed:heart", { postId, on: true });
    await say(ann!, "feed:vote", { postId, choice: "yes" });
    spoken.push({ name: "feed:delete", payload: { postId, ownerKey } });
  }
  const asked = await say(ann!, "ask:make", { id: id(), ownerHash, mutedWords: ["x"] });
  if (asked) {
    const { box } = asked;
    await say(bo!, "ask:read", { box });
    await say(bo!, "ask:ask", { id: id(), box, text: "why?" });
    await say(ann!, "ask:questions", { box, ownerKey });
  }
  await say(ann!, "safety:screen", { text: "call me at 555 0100", where: "bottle" });
  for (const name of ["feed:open", "feed:world", "session:inbox", "hole:read"] as const)
    await say(bo!, name, {});
  for (const name of ["bottle:mine", "sea:list", "thread:list", "room:list"] as const)
    await say(bo!, name, {});
  for (const who of [ann!, bo!]) await who.leave();
  return [spoken, [ann!.token, bo!.token]];
}

/** One TCP connection that hears everything and keeps what would be a fault of the server's. */
class Line {
  readonly socket: Socket;
  readonly closed: Promise<unknown>;
  isClosed = false;
  #tail = "";
  #faults: string[];

  constructor(port: number, faults: string[]) {
    this.#faults = faults;
    this.socket = connect(port, "127.0.0.1");
    this.socket.on("error", () => {});
    this.socket.on("data", (chunk) => this.#hear(chunk.toString("latin1")));
    this.closed = new Promise((resolve) => {
      this.socket.once("close", () => resolve((this.isClosed = true)));
    });
  }

  #hear(text: string): void {
    const all = this.#tail + text;
    // 505 is the version of HTTP that the other side asked for.
    const fault = /HTTP\/1\.1 5(?!05)\d\d [^\r]*/.exec(all) ?? FAULT.exec(all);
    if (fault) this.#faults.push(all.slice(Math.max(0, fault.index - 50), fault.index + 200));
    this.#tail = fault ? "" : all.slice(-200);
    if (this.#wanted !== "" && all.includes(this.#wanted)) this.#heard();
  }

  #wanted = "";
  #heard = (): void => {};

  /** Whether it came, from now on, before the end, or before all patience was lost. */
  async hears(word: string, patienceMs = PATIENCE_MS): Promise<boolean> {
    let timer: NodeJS.Timeout | undefined;
    const came = await new Promise<boolean>((resolve) => {
      this.#wanted = word;
      this.#heard = () => resolve(true);
      void this.closed.then(() => resolve(false));
      timer = setTimeout(() => resolve(false), patienceMs);
    });
    clearTimeout(timer);
    this.#wanted = "";
    return came;
  }

  write(bytes: Buffer | string): void {
    if (this.socket.writable) this.socket.write(bytes);
  }

  end(rng: Rng): void {
    if (rng.uniform() < 0.3) this.socket.resetAndDestroy();
    else this.socket.destroy();
  }
}

/** Who hangs up while he enters a room is told so, if it comes to that. */
const FAULT = /"code":"(?:internal"|unavailable","message":"(?!the connection has ended))/;

const LAYERS = ["http", "frames", "engine.io", "socket.io", "commands"] as const;
type Layer = (typeof LAYERS)[number];

describe("inputs without end", () => {
  for (const transport of ["uws", "node"] as const) {
    it(`[M8] [M9] mutants of all that is valid end nothing but their own connection (${transport}, seed ${SEED})`, async function () {
      this.timeout(LONG ? 12 * 60 * 60 * 1000 : 180_000);
      const redis = await startRedis("single");
      if (!redis) return this.skip();
      const server = await spawnServer(
        {
          TRANSPORT: transport,
          REDIS_URL: redis.url,
          RATE_LIMITS: "off",
          THROWS_PER_DAY: 1_000_000,
          CATCHES_PER_DAY: 1_000_000,
          HOLE_SILENCE_MS: 60_000,
          RELEASE_DELAY_MAX_MS: 0,
        },
        COMMAND,
      ).catch(async (error: unknown) => {
        await redis.stop();
        throw error;
      });
      let code: number | string | null = null;
      void server.ended.then((ended) => (code = ended));
      const hasEnded = (): boolean => code !== null;
      let progress: NodeJS.Timeout | undefined;
      try {
        const port = Number(new URL(server.url).port);
        const faults: string[] = [];
        const counts: Record<Layer, number> = {
          http: 0,
          frames: 0,
          "engine.io": 0,
          "socket.io": 0,
          commands: 0,
        };
        const total = (): number => Object.values(counts).reduce((sum, n) => sum + n, 0);
        let [corpus, tokens] = await speak(server.url, []);
        let unanswered = 0;

        const http = async (rng: Rng): Promise<void> => {
          const line = new Line(port, faults);
          for (let n = 1 + below(rng, 4); n > 0; n -= 1) {
            line.write(mutants.httpRequest(rng));
            counts.http += 1;
          }
          await line.hears("HTTP/1.1", 30);
          line.end(rng);
        };
        const joined = async (rng: Rng): Promise<Line> => {
          const line = new Line(port, faults);
          const isKnown = rng.uniform() < 0.9;
          const auth = { protocol: 1, ...(isKnown ? { token: mutants.pick(rng, tokens) } : {}) };
          line.write(upgradeRequest());
          await line.hears('{"sid"');
          line.write(mutants.frame(`40${JSON.stringify(auth)}`));
          await line.hears("session:ready");
          return line;
        };
        /** All in one write, then a question: its answer says that the rest has been read. */
        const batch = async (rng: Rng, layer: Exclude<Layer, "http">): Promise<void> => {
          const line = await joined(rng);
          const inputs: Buffer[] = [];
          const make = {
            frames: () => mutants.hostileFrame(rng),
            "engine.io": () => mutants.frame(mutants.enginePacket(rng)),
            "socket.io": () => mutants.frame(mutants.socketPacket(rng)),
            commands: () => mutants.frame(mutants.commandPacket(rng, corpus, inputs.length)),
          }[layer];
          const most = { frames: 1, "engine.io": FEW, "socket.io": FEW, commands: BATCH }[layer];
          while (inputs.length < most) inputs.push(make());
          // What most often ends the connection comes last: all before it is read.
          if (layer === "commands" && rng.uniform() < 0.3)
            inputs.push(
              mutants.frame(
                mutants.damaged(rng, Buffer.from(mutants.commandPacket(rng, corpus, 7))),
              ),
            );
          // A connection on which all is well, until then.
          if (layer === "frames")
            line.write(mutants.frame(Buffer.from("2"), mutants.pick(rng, [1, 9, 10])));
          line.write(Buffer.concat(inputs));
          line.write(mutants.frame('42777["session:quotas",{}]'));
          counts[layer] += inputs.length;
          // The rest of a frame that was not whole is waited for.
          const isAnswered = await line.hears("43777[", layer === "frames" ? 100 : PATIENCE_MS);
          if (layer === "commands" && !isAnswered && !line.isClosed) unanswered += 1;
          line.end(rng);
        };

        /** Bytes in use when nobody is there. */
        const inUse = async (): Promise<number> => {
          await pause(2500);
          const said = (): string[] => server.output().match(/in use: \d+/g) ?? [];
          const before = said().length;
          server.kill("SIGUSR2");
          await until(
            () => said().length > before || hasEnded(),
            "the heap to be measured",
            60_000,
          );
          expect(code, server.output().slice(-2000)).to.equal(null);
          return Number(said().at(-1)!.split(" ").at(-1));
        };
        const lanes = Array.from({ length: LANES }, (_, i) =>
          seededRandom(`${SEED}-${transport}-${i}`),
        );
        const run = async (untilDone: () => boolean): Promise<void> => {
          let spokenAt = Date.now();
          const speaking = new Set<Promise<void>>();
          const lane = async (rng: Rng): Promise<void> => {
            while (!untilDone() && !hasEnded()) {
              const roll = rng.uniform();
              if (roll < 0.35) await http(rng);
              else if (roll < 0.5) await batch(rng, "frames");
              else if (roll < 0.6) await batch(rng, "engine.io");
              else if (roll < 0.7) await batch(rng, "socket.io");
              else await batch(rng, "commands");
              if (Date.now() - spokenAt < 3000 || speaking.size > 0) continue;
              const spoken = speak(server.url, tokens)
                // He may have been forgotten, or be in so many rooms that he gets no more.
                .catch(() => speak(server.url, []))
                .then(([said, names]) => {
                  [corpus, tokens] = [said, names];
                })
                .finally(() => {
                  spokenAt = Date.now();
                  speaking.delete(spoken);
                });
              speaking.add(spoken);
            }
          };
          await Promise.all(lanes.map(lane));
          await Promise.all(speaking);
        };

        const from = Date.now();
        progress = setInterval(
          () =>
            console.log(`      ${total()} inputs in ${Math.round((Date.now() - from) / 1000)} s`),
          PROGRESS_MS,
        );
        const isOver = (share: number) => (): boolean =>
          total() >= INPUTS * share || Date.now() - from >= RUN_MS * share;
        await run(isOver(WARM));
        const warm = await inUse();
        await run(isOver(1));
        const seconds = (Date.now() - from) / 1000;
        const after = await inUse();
        const growth = after / warm - 1;
        console.log(
          `      ${total()} inputs in ${seconds.toFixed(0)} s: ${JSON.stringify(counts)}; ` +
            `${(warm / 2 ** 20).toFixed(1)} MB in use after a third, ${(after / 2 ** 20).toFixed(1)} at the end (${(growth * 100).toFixed(1)} %)`,
        );
        expect(code, server.output()).to.equal(null);
        expect(faults, `seed ${SEED}`).to.deep.equal([]);
        expect(unanswered, "batches without an answer").to.equal(0);
        for (const layer of LAYERS) expect(counts[layer], layer).to.be.greaterThan(LEAST);
        // 50 and above: errors. Anything else that is no warning is not expected here.
        expect(server.output()).to.not.match(/"level":[56]0|[Uu]nhandled|[Uu]ncaught/);
        expect(growth, "growth of what is in use").to.be.lessThan(0.1);
        const ann = await Visitor.come(server.url);
        expect((await ann.ask("bottle:mine", {})).bottles).to.deep.equal([]);
        await ann.leave();
      } finally {
        clearInterval(progress);
        server.kill("SIGTERM");
        await server.ended;
        await redis.stop();
      }
    });
  }
});
