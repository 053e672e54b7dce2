import { expect } from "chai";
import { request as httpRequest } from "node:http";
import { randomBytes } from "node:crypto";
import { pino } from "pino";
import type { DeskReason, DeskVerb, Reply } from "@driftsea/protocol";
import { DeskAccounts } from "./accounts.ts";
import { DeskService } from "./desk.service.ts";
import { MemoryDeskStore } from "./desk.store.memory.ts";
import { FakeReview } from "./review.fake.ts";
import { fromBase32, stepAt, totp } from "./totp.ts";
import { ManualClock } from "../lib/clock.ts";
import { Metrics } from "../lib/metrics.ts";
import { createDeskApi } from "../transport/desk-api.ts";
import { Doorkeeper } from "../transport/doorkeeper.ts";
import { KINDS, openTest } from "../transport/transport.harness.ts";
import type { TestTransport } from "../transport/transport.harness.ts";

const PASSWORD = "a long enough one";
/** So that a test is about the rules, and not about scrypt. */
const COST = { N: 16, r: 1, p: 1 };
const STEP_MS = 30_000;
const VERBS: readonly DeskVerb[] = [
  "queue",
  "decide",
  "figures",
  "log",
  "sign-out",
  "change-password",
  "new-secret",
  "change-secret",
];

interface Answer {
  status: number;
  headers: Record<string, unknown>;
  body: string;
  reply: Reply<Record<string, unknown>>;
}

for (const kind of KINDS) {
  describe(`HTTP of the desk on ${kind}`, () => {
    let t: TestTransport;
    let clock: ManualClock;
    let review: FakeReview;
    let secret: string;

    beforeEach(async () => {
      clock = new ManualClock(Date.UTC(2026, 0, 1));
      review = new FakeReview();
      const store = new MemoryDeskStore(clock);
      const onUnsettled = (error: unknown): void => {
        throw error;
      };
      const desk = new DeskService({
        store,
        review,
        clock,
        onUnsettled,
        cost: COST,
        isBounded: true,
      });
      ({ secret } = await new DeskAccounts(store, review, COST).add("mo", PASSWORD));
      const doorkeeper = new Doorkeeper({
        allowedOrigins: null,
        trustedProxies: 0,
        connectionsPerAddress: null,
        isDraining: () => false,
        onRefused: () => {},
      });
      t = await openTest(kind, {
        posts: createDeskApi({
          desk,
          review,
          metrics: new Metrics(),
          logger: pino({ level: "silent" }),
          mayCome: (from) => doorkeeper.mayCome(from),
          markOf: (from) => doorkeeper.markOf(from),
        }),
      });
    });
    afterEach(() => t.close());

    const send = (
      verb: string,
      body: string,
      headers: Record<string, string> = {},
    ): Promise<Answer> =>
      new Promise((resolve, reject) => {
        const all = { host: "sea.example", "content-type": "application/json", ...headers };
        const options = { port: t.port, host: "127.0.0.1", agent: false, method: "POST" };
        const req = httpRequest({ ...options, path: `/desk/api/${verb}`, headers: all }, (res) => {
          let text = "";
          res.on("data", (chunk: Buffer) => (text += chunk.toString()));
          res.on("end", () => {
            const { date: _, ...rest } = res.headers;
            const reply = JSON.parse(text) as Answer["reply"];
            resolve({ status: res.statusCode!, headers: rest, body: text, reply });
          });
        });
        req.on("error", reject);
        req.end(body);
      });
    const code = (): string => totp(fromBase32(secret), stepAt(clock.now()));
    const signIn = (more: object = {}, headers: Record<string, string> = {}) =>
      send(
        "sign-in",
        JSON.stringify({ name: "mo", password: PASSWORD, code: code(), ...more }),
        headers,
      );
    const bearer = async (): Promise<Record<string, string>> => {
      const { reply } = await signIn();
      if (!reply.ok) throw new Error(JSON.stringify(reply.error));
      return { authorization: `Bearer ${String(reply.data["token"])}` };
    };
    const codeOf = ({ reply }: Answer): string => (reply.ok ? "ok" : reply.error.code);

    it("[M2] signs in, shows the queue, takes a decision, shows figures and log by name", async () => {
      const item = review.put();
      const me = await bearer();
      const queue = await send("queue", "{}", me);
      expect(queue.reply).to.deep.equal({ ok: true, data: { items: [item] } });
      expect(queue.headers["cache-control"]).to.equal("no-store");
      expect(queue.headers["x-robots-tag"]).to.include("noindex");
      expect(queue.headers["set-cookie"]).to.equal(undefined);
      const reason: DeskReason = "spam";
      const decision = { id: item.id, decision: "remove", reason };
      const decided = await send("decide", JSON.stringify(decision), me);
      expect(decided.reply).to.deep.equal({ ok: true, data: { outcome: "second_needed" } });
      const figures = await send("figures", "{}", me);
      expect(figures.body).to.include('"byModerator":[{"name":"mo","decided":1');
      const log = await send("log", '{"before":1}', me);
      expect(log.body).to.include('"what":"desk:account-made"').and.include('"name":"mo"');
      expect(log.body).not.to.include("signed-in");
    });

    it("[M2] without a session, with another's, a forged, an expired, a used one: all look alike", async () => {
      const ended = await bearer();
      await send("sign-out", "{}", ended);
      clock.advance(STEP_MS);
      const idle = await bearer();
      clock.advance(31 * 60_000);
      const live = await bearer();
      const random = randomBytes(32).toString("base64url");
      const wrong: Record<string, string>[] = [
        {},
        { authorization: "" },
        { authorization: "Bearer" },
        { authorization: `Bearer ${random}` },
        { authorization: `Bearer ${"x".repeat(2000)}` },
        { authorization: live["authorization"]!.replace("Bearer", "Basic") },
        { authorization: `${live["authorization"]!.slice(0, -2)}__` },
        { cookie: live["authorization"]! },
        ended,
        idle,
      ];
      const answers = new Set<string>();
      for (const verb of [...VERBS, "no-such-verb", "constructor", ""])
        for (const headers of wrong)
          for (const body of ["{}", '{"id":1}', "not JSON"]) {
            const { status, headers: given, body: text } = await send(verb, body, headers);
            answers.add(JSON.stringify([status, given, text]));
          }
      expect([...answers]).to.have.length(1);
      expect([...answers][0])
        .to.include("[401,")
        .and.include("unauthorized");
      expect((await send("queue", "{}", live)).status).to.equal(200);
    });

    it("[M2] unknown name, wrong password, wrong code, used code: one answer, byte for byte", async () => {
      await bearer();
      const used = code();
      const wrong = used === "000000" ? "111111" : "000000";
      const cases = [
        { name: "eve" },
        { name: "Ünknown" },
        { password: "x" },
        { code: wrong },
        { code: used },
      ];
      const answers = new Set<string>();
      for (const more of cases) {
        const { status, headers, body } = await signIn(more);
        answers.add(JSON.stringify([status, headers, body]));
      }
      expect([...answers]).to.have.length(1);
      expect([...answers][0]).to.include("[401,");
    });

    it("[M2] brute force: few tries, then waits that are told, whatever is sent", async () => {
      const codes: string[] = [];
      for (let i = 0; i < 12; i += 1) codes.push(codeOf(await signIn({ password: `guess ${i}` })));
      expect(codes.slice(0, 6)).to.deep.equal(Array<string>(6).fill("unauthorized"));
      expect(codes.slice(6)).to.deep.equal(Array<string>(6).fill("rate_limited"));
      const refused = await signIn();
      expect(refused.status).to.equal(429);
      expect(refused.reply.ok ? null : refused.reply.error.retryAfterMs).to.equal(1000);
      clock.advance(1000);
      expect(codeOf(await signIn())).to.equal("ok");
    });

    it("[M2] pages of other sites, forms, and what is no JSON or no payload are refused", async () => {
      const me = await bearer();
      const evil = await send("queue", "{}", { ...me, origin: "https://evil.example" });
      expect([evil.status, codeOf(evil)]).to.deep.equal([403, "forbidden"]);
      const own = await send("queue", "{}", { ...me, origin: "https://sea.example" });
      expect(own.status).to.equal(200);
      for (const type of ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data"])
        expect(codeOf(await send("queue", "{}", { ...me, "content-type": type }))).to.equal(
          "invalid",
        );
      for (const body of ["", "not JSON", "[]", "null", "1", '{"more":1}', "[".repeat(8000)])
        expect(codeOf(await send("queue", body, me)), body).to.equal("invalid");
      const charset = { ...me, "content-type": "application/json; charset=utf-8" };
      expect((await send("queue", "{}", charset)).status).to.equal(200);
      for (const payload of [
        { id: "x", decision: "keep", reason: "spam" },
        { id: "V1StGXR8_Z5jdHi6B-myT", decision: "burn", reason: "spam" },
        { id: "V1StGXR8_Z5jdHi6B-myT", decision: "keep", reason: "boredom" },
        { id: "V1StGXR8_Z5jdHi6B-myT", decision: "keep", reason: "spam", moderator: "x" },
      ]) {
        const { reply } = await send("decide", JSON.stringify(payload), me);
        expect(reply.ok ? null : reply.error.code).to.equal("invalid");
        expect(reply.ok ? null : Object.keys(reply.error.fields!)).to.have.length(1);
      }
      expect(codeOf(await send("no-such-verb", "{}", me))).to.equal("not_found");
    });

    it("[M2] a new password and new codes over the wire end every session", async () => {
      const me = await bearer();
      clock.advance(STEP_MS);
      const next = "another long enough one";
      const change = { password: PASSWORD, code: code(), next };
      expect(
        codeOf(await send("change-password", JSON.stringify({ ...change, next: "short" }), me)),
      ).to.equal("invalid");
      expect(codeOf(await send("change-password", JSON.stringify(change), me))).to.equal("ok");
      expect(codeOf(await send("queue", "{}", me))).to.equal("unauthorized");
      clock.advance(STEP_MS);
      const { reply } = await signIn({ password: next });
      const again = { authorization: `Bearer ${reply.ok ? String(reply.data["token"]) : ""}` };
      const made = await send("new-secret", "{}", again);
      const fresh = made.reply.ok ? String(made.reply.data["secret"]) : "";
      clock.advance(STEP_MS);
      const payload = {
        password: next,
        code: code(),
        secret: fresh,
        next: totp(fromBase32(fresh), stepAt(clock.now())),
      };
      expect(codeOf(await send("change-secret", JSON.stringify(payload), again))).to.equal("ok");
      expect(codeOf(await send("queue", "{}", again))).to.equal("unauthorized");
    });
  });
}
