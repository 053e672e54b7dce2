import { createHash } from "node:crypto";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import type { Server, ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "chai";
import type { CommandName, Data, Payload, Reply } from "@driftsea/protocol";
import { DeskAccounts } from "../src/desk/accounts.ts";
import { fromBase32, stepAt, totp } from "../src/desk/totp.ts";
import { logOf } from "../src/review/note.ts";
import type { StoredItem } from "../src/review/review.store.ts";
import { newOwner } from "./harness/circle.ts";
import { onEverySetup } from "./harness/server.ts";
import type { TestServer } from "./harness/server.ts";
import { Visitor, pause, until, writeId } from "./harness/visitor.ts";

const WORDS = `kraken | slur | confirm
sink you | threat | hold
maybe sirens | sexual | hold
whirlpool | spam | refuse
want to drown | crisis | fine
`;

/** A write of one text in each place, as whoever may do that; each call is a new write. */
async function placesOf(url: string) {
  const [ann, bo] = [await Visitor.come(url), await Visitor.come(url)];
  await ann.throws("a bottle to be answered");
  const caught = await bo.catches();
  const { thread } = await bo.answers(caught.bottle.id, "an answer");
  const { room, ownerKey: roomKey } = await ann.ask("room:create", {
    id: writeId(),
    lifetime: { kind: "fixed", ms: 60_000 },
    access: "listed",
  });
  await ann.ask("room:enter", { roomId: room.id });
  const { ownerHash, ownerKey } = newOwner();
  const { post } = await ann.ask("feed:post", { id: writeId(), text: "a secret", ownerHash });
  const boxOwner = newOwner();
  const { box } = await ann.ask("ask:make", { id: writeId(), ownerHash: boxOwner.ownerHash });
  await bo.ask("ask:ask", { id: writeId(), box, text: "how are you" });
  const { questions } = await ann.ask("ask:questions", { box, ownerKey: boxOwner.ownerKey });
  await ann.throws("another bottle to be answered");
  const held = await bo.catches();
  const questionId = questions[0]!.id;
  const all: Record<string, [Visitor, CommandName, object]> = {
    bottle: [ann, "bottle:throw", {}],
    answer: [bo, "bottle:answer", { bottleId: held.bottle.id }],
    thread: [ann, "thread:send", { threadId: thread.id }],
    room: [ann, "room:send", { roomId: room.id }],
    motd: [ann, "room:motd", { roomId: room.id, ownerKey: roomKey }],
    letter: [ann, "hole:write", {}],
    secret: [ann, "feed:post", { ownerHash: newOwner().ownerHash }],
    comment: [ann, "feed:comment", { postId: post.id, ownerKey }],
    question: [bo, "ask:ask", { box }],
    reply: [ann, "ask:answer", { box, ownerKey: boxOwner.ownerKey, questionId }],
  };
  const say = async (place: string, text: string, more: object = {}) => {
    const [who, name, payload] = all[place]!;
    const id = name === "room:motd" ? {} : { id: writeId() };
    return who.send(name, { ...id, ...payload, text, ...more });
  };
  return { places: Object.keys(all), say, ann, bo };
}

const PASSWORD = "a long enough one";
const HELD = "bottle title letter secret comment ask ask".split(" ");
const TALK = new Set(["answer", "thread", "room"]);

onEverySetup("screening", (setup) => {
  let folder: string;
  let server: TestServer;
  let moderators: Map<string, string>;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "driftsea-words-"));
    writeFileSync(join(folder, "test.txt"), WORDS);
  });
  afterEach(() => rmSync(folder, { recursive: true }));
  /** A server with these words and two moderators. */
  const start = async (more: Record<string, string | number> = {}) => {
    server = await setup.start({ SCREEN_LISTS: folder, ...more });
    const { desk, review, clock } = server.stores;
    const accounts = new DeskAccounts(desk, logOf(review, clock), { N: 16, r: 1, p: 1 });
    moderators = new Map();
    for (const name of ["mo", "ada"])
      moderators.set(name, (await accounts.add(name, PASSWORD)).secret);
    return server;
  };
  const atDesk = async (verb: string, payload: object, token = ""): Promise<{ token: string }> => {
    const response = await fetch(`${server.url}/desk/api/${verb}`, {
      method: "POST",
      headers: { "content-type": "application/json", authorization: `Bearer ${token}` },
      body: JSON.stringify(payload),
    });
    const reply = (await response.json()) as Reply<{ token: string }>;
    if (!reply.ok) throw new Error(`${verb}: ${reply.error.code}`);
    return reply.data;
  };
  /** What waits is decided: kept by one, or removed by two. */
  const decide = async (decision: "keep" | "remove"): Promise<void> => {
    const items = await queue();
    for (const name of decision === "keep" ? ["mo"] : ["mo", "ada"]) {
      const code = totp(fromBase32(moderators.get(name)!), stepAt(Date.now()));
      const { token } = await atDesk("sign-in", { name, password: PASSWORD, code });
      for (const { id } of items) await atDesk("decide", { id, decision, reason: "other" }, token);
    }
  };
  /** What lies before people, the oldest first. */
  const queue = async (): Promise<StoredItem[]> =>
    (await server.stores.review.waiting(100)).sort((a, b) => a.since - b.since);
  it("[M12] every place refuses, asks, lets pass what is confirmed, and holds what can wait", async () => {
    const { places, say } = await placesOf((await start()).url);
    for (const place of places) {
      const refused = await say(place, "in the whirlpool");
      expect(refused, place).to.have.nested.property("error.code", "rejected");
      const marks = [{ start: 7, end: 16, kind: "spam" }];
      expect(refused, place).to.have.nested.property("error.fields.marks", JSON.stringify(marks));
      const asked = await say(place, "you kraken");
      expect(asked, place).to.have.nested.property("error.code", "confirmation_needed");
      expect(asked, place).to.have.nested.property(
        "error.fields.marks",
        JSON.stringify([{ start: 4, end: 10, kind: "slur" }]),
      );
      const grave = await say(place, "I will sink you", { confirmed: true });
      const code = TALK.has(place) ? "rejected" : "held_for_review";
      expect(grave, place).to.have.nested.property("error.code", code);
      const answered =
        place === "reply" ? await say(place, "you kraken", { confirmed: true }) : null;
      expect(answered ?? (await say(place, "you kraken", { confirmed: true })), place).to.include({
        ok: true,
      });
    }
    const held = await queue();
    expect(held.map(({ kind }) => kind)).to.have.members(HELD);
    expect(held.every(({ state, urgency }) => state === "held" && urgency === "threat")).to.equal(
      true,
    );
  });

  it("[M12] a room's title is looked at; what is refused costs nothing and is nowhere", async () => {
    const ann = await Visitor.come((await start()).url);
    const room = { lifetime: { kind: "fixed", ms: 60_000 }, access: "listed" } as const;
    const make = (title: string) => ann.refused("room:create", { id: writeId(), title, ...room });
    expect(await make("whirlpool")).to.equal("rejected");
    expect(await make("kraken club")).to.equal("confirmation_needed");
    expect((await ann.ask("room:list", {})).rooms).to.deep.equal([]);
    const text = "in the whirlpool";
    expect(await ann.refused("bottle:throw", { id: writeId(), text })).to.equal("rejected");
    expect((await ann.ask("session:quotas", {})).throws.left).to.equal(10);
  });

  it("[M12] what is held waits, and the same write goes once people have allowed it", async () => {
    const ann = await Visitor.come((await start()).url);
    const write = { id: writeId(), text: "I will sink you" };
    for (let i = 0; i < 2; i += 1)
      expect(await ann.refused("bottle:throw", write)).to.equal("held_for_review");
    const [item] = await queue();
    expect(item).to.deep.include({ kind: "bottle", texts: [write.text], state: "held" });
    expect(item).to.deep.include({ urgency: "threat", reasons: { threat: 1 } });
    expect((await ann.ask("bottle:mine", {})).bottles).to.deep.equal([]);
    await decide("keep");
    const { bottle } = await ann.ask("bottle:throw", write);
    expect((await ann.ask("bottle:throw", write)).bottle.id).to.equal(bottle.id);
  });

  it("[M12] what people have refused stays refused", async () => {
    const ann = await Visitor.come((await start()).url);
    const write = { id: writeId(), text: "I will sink you" };
    expect(await ann.refused("hole:write", write)).to.equal("held_for_review");
    await decide("remove");
    expect(await ann.refused("hole:write", write)).to.equal("rejected");
    expect(await ann.refused("hole:write", { ...write, id: writeId() })).to.equal("rejected");
  });

  it("[F9] a secret that names somebody waits for people; of who wrote it nothing is kept", async () => {
    const ann = await Visitor.come((await start()).url);
    const { ownerHash } = newOwner();
    const write = { id: writeId(), text: "我暗恋王思琪同学很久了", ownerHash };
    const sure = { ...write, confirmed: true, confirmedNames: true };
    expect(await ann.refused("feed:post", write)).to.equal("confirmation_needed");
    expect(await ann.refused("feed:post", { ...write, confirmed: true })).to.equal(
      "confirmation_needed",
    );
    expect(await ann.refused("feed:post", sure)).to.equal("held_for_review");
    const [item] = await queue();
    expect(item).to.deep.include({ kind: "secret", reasons: { "personal-data": 1 } });
    const dump = await setup.dump();
    if (dump !== null) {
      const lines = dump.split("\n");
      const about = lines.filter(
        (line) => line.includes(item!.subject.id) || line.includes(write.text),
      );
      expect(about).to.have.length.greaterThan(1);
      const drifter = createHash("sha256").update(ann.token).digest("base64url");
      expect(lines.filter((line) => line.includes(drifter))).to.have.length.greaterThan(0);
      for (const line of about)
        expect(line).to.not.include(drifter).and.not.include(ownerHash).and.not.include(ann.token);
    }
    await decide("keep");
    expect((await ann.ask("feed:post", sure)).post.text).to.equal(write.text);
  });

  it("[F9] where there are no moderators, twice confirmed it goes", async () => {
    const ann = await Visitor.come((await setup.start({ SCREEN_LISTS: folder })).url);
    const { ownerHash } = newOwner();
    const write = { id: writeId(), text: "我暗恋王思琪同学很久了", ownerHash };
    await ann.ask("feed:post", { ...write, confirmed: true, confirmedNames: true });
  });

  it("[M12] a flood of five fresh drifters is caught, and fifty who say good night are not", async function () {
    this.timeout(60_000);
    const { url } = await start();
    const text = (i: number): string =>
      `${"🐬".repeat(i)} Earn three hundred a day from home, no experience needed, only today${"!".repeat(i)} ${i}${i}`;
    const answers: string[] = [];
    for (let i = 0; i < 5; i += 1) {
      const fresh = await Visitor.come(url);
      const write = { id: writeId(), text: text(i) };
      const reply = await fresh.send("bottle:throw", write);
      answers.push(reply.ok ? "ok" : `${reply.error.code} ${reply.error.fields?.["marks"]}`);
      expect((await fresh.send("bottle:throw", write)).ok, "the same again").to.equal(reply.ok);
    }
    const repeat = (i: number): string =>
      `rejected ${JSON.stringify([{ start: 0, end: text(i).length, kind: "repeat" }])}`;
    expect(answers).to.deep.equal(["ok", "ok", repeat(2), repeat(3), repeat(4)]);
    const dump = await setup.dump();
    if (dump !== null) {
      const near = dump.split("\n").filter((line) => line.includes("{near}"));
      expect(near).to.have.length.greaterThan(1);
      expect(near.join("\n")).to.not.match(/hundred|Earn/);
    }
    await Promise.all(
      Array.from({ length: 50 }, async () => {
        const visitor = await Visitor.come(url);
        await visitor.throws("晚安，祝大家好梦");
        await visitor.leave();
      }),
    );
  });

  it("[M12] safety:screen says what a write would be answered, for each place", async () => {
    const ann = await Visitor.come((await start()).url);
    const screen = (text: string, where: Payload<"safety:screen">["where"]) =>
      ann.ask("safety:screen", { text, where });
    const fine: Data<"safety:screen"> = { verdict: "fine", marks: [], care: false };
    for (const where of [
      ...(["bottle", "answer", "thread", "room", "title"] as const),
      ...(["letter", "secret", "comment", "ask"] as const),
    ]) {
      expect(await screen("a calm sea", where)).to.deep.equal(fine);
      const marks = [{ start: 2, end: 11, kind: "spam" }];
      expect(await screen("a whirlpool", where)).to.deep.equal({
        verdict: "refuse",
        marks,
        care: false,
      });
      expect((await screen("you kraken", where)).verdict).to.equal("confirm");
      expect((await screen("I will sink you", where)).verdict).to.equal("hold");
      expect(await screen("I want to drown", where)).to.include({ verdict: "fine", care: true });
    }
    expect(await ann.refused("safety:screen", { text: "x", where: "moon" as never })).to.equal(
      "invalid",
    );
    expect(await queue()).to.deep.equal([]);
  });

  it("[M6] words of crisis go as they are; writer and reader are told to be offered help", async () => {
    const { places, say, ann, bo } = await placesOf((await start()).url);
    const text = "I want to drown";
    for (const place of places) {
      const reply = await say(place, text);
      expect(reply, place).to.have.property("ok", true);
      expect(reply, place).to.have.nested.property("data.care", true);
    }
    const items = await queue();
    expect(items.every(({ urgency, state }) => urgency === "care" && state === "shown")).to.equal(
      true,
    );
    expect(items.map(({ kind }) => kind)).to.have.members([...HELD, "thread", "thread", "room"]);
    const caught = await bo.catches();
    expect(caught.bottle).to.deep.include({ text, care: true });
    expect((await ann.ask("bottle:mine", {})).bottles[0]).to.include({ text, care: true });
    expect((await bo.ask("hole:read", {})).letter).to.include({ text, care: true });
    await until(() => bo.events("thread:message").length > 0, "the message");
    expect(bo.events("thread:message")[0]!.message).to.include({ text, care: true });
    const [thread] = (await bo.ask("thread:list", {})).threads.filter(({ head }) => head > 1);
    const opened = await bo.ask("thread:open", { threadId: thread!.id });
    expect(opened.messages.map(({ care }) => care)).to.deep.equal([undefined, true]);
    expect(ann.events("room:message")[0]!.message).to.include({ text, care: true });
    expect(caught.bottle).to.not.equal(null);
  });

  it("[M12] a changed word list counts without a restart; a faulty one changes nothing", async () => {
    const server = await start({ METRICS_TOKEN: "sesame" });
    const ann = await Visitor.come(server.url);
    const verdict = async (): Promise<string> =>
      (await ann.ask("safety:screen", { text: "a lighthouse", where: "bottle" })).verdict;
    expect(await verdict()).to.equal("fine");
    writeFileSync(join(folder, "test.txt"), `${WORDS}lighthouse | spam | refuse\n`);
    await until(async () => (await verdict()) === "refuse", "the new list");
    writeFileSync(join(folder, "test.txt"), `${WORDS}lighthouse | spam | forgive\n`);
    await until(() => server.log().includes("test.txt:6"), "the fault to be said");
    expect(await verdict()).to.equal("refuse");
    const response = await fetch(`${server.url}/metrics`, {
      headers: { authorization: "Bearer sesame" },
    });
    const metrics = await response.text();
    expect(metrics).to.include("driftsea_screen_list_faults_total 1");
    expect(metrics).to.include("driftsea_screen_words 6");
    expect(server.log()).to.not.include("a lighthouse");
  });

  describe("with an outside classifier", () => {
    let classifier: Server;
    let url: string;
    let handed: unknown[];
    let answer: (response: ServerResponse, text: string) => void;
    before(async () => {
      classifier = createServer((request, response) => {
        let body = "";
        request.on("data", (chunk: Buffer) => (body += chunk.toString()));
        request.on("end", () => {
          const asked = JSON.parse(body) as { text: string };
          handed.push(asked);
          answer(response, asked.text);
        });
      });
      await new Promise<void>((done) => classifier.listen(0, "127.0.0.1", done));
      url = `http://127.0.0.1:${(classifier.address() as AddressInfo).port}/`;
    });
    after(async () => {
      classifier.closeAllConnections();
      await new Promise((done) => classifier.close(done));
    });
    beforeEach(() => {
      handed = [];
      answer = (response, text) =>
        response.end(JSON.stringify({ verdict: text.includes("storm") ? "refuse" : "fine" }));
    });
    const open = async (more: Record<string, string | number> = {}) =>
      start({ CLASSIFIER_URL: url, CLASSIFIER_TIMEOUT_MS: 5000, METRICS_TOKEN: "sesame", ...more });
    const metricsOf = async ({ url: at }: { url: string }): Promise<string> =>
      (await fetch(`${at}/metrics`, { headers: { authorization: "Bearer sesame" } })).text();

    it("[M12] it is handed text and place, and never who wrote", async () => {
      const { url: at } = await open();
      const ann = await Visitor.come(at);
      await ann.throws("a calm sea");
      expect(await ann.refused("hole:write", { id: writeId(), text: "a storm" })).to.equal(
        "rejected",
      );
      expect(handed).to.deep.equal([
        { text: "a calm sea", where: "bottle" },
        { text: "a storm", where: "letter" },
      ]);
    });

    for (const [what, does] of [
      ["slow", () => {}],
      ["down", (response: ServerResponse) => response.destroy()],
      ["lying about its format", (response: ServerResponse) => response.end('{"verdict":"good"}')],
    ] as const)
      it(`[M12] ${what}: the road that was chosen, and soon it is not asked any more`, async () => {
        answer = does;
        const timeout = { CLASSIFIER_TIMEOUT_MS: what === "slow" ? 150 : 5000 };
        const fine = await open(timeout);
        const ann = await Visitor.come(fine.url);
        const began = Date.now();
        for (let i = 0; i < 7; i += 1) await ann.throws(`number ${i}`);
        expect(Date.now() - began).to.be.below(4000);
        expect(handed).to.have.length(5);
        const metrics = await metricsOf(fine);
        expect(metrics).to.include("driftsea_classifier_open 1");
        expect(metrics).to.include('driftsea_classifier_total{outcome="skipped"} 2');
        await fine.close();

        const hold = await open({ ...timeout, CLASSIFIER_WHEN_AWAY: "hold" });
        const bo = await Visitor.come(hold.url);
        expect(await bo.refused("bottle:throw", { id: writeId(), text: "hi" })).to.equal(
          "held_for_review",
        );
        expect(await queue()).to.have.length(1);
        await hold.close();

        const refuse = await open({ ...timeout, CLASSIFIER_WHEN_AWAY: "refuse" });
        const cy = await Visitor.come(refuse.url);
        const reply = await cy.send("bottle:throw", { id: writeId(), text: "hi" });
        expect(reply).to.have.nested.property("error.code", "unavailable");
        expect(reply).to.have.nested.property("error.retryAfterMs");
      });

    it("[M12] messages of one person stay in their order", async () => {
      answer = (response, text) =>
        void pause(text === "first" ? 80 : 0).then(() => response.end('{"verdict":"fine"}'));
      const { url: at } = await open();
      const ann = await Visitor.come(at);
      const { room } = await ann.ask("room:create", {
        id: writeId(),
        lifetime: { kind: "fixed", ms: 60_000 },
        access: "listed",
      });
      await ann.ask("room:enter", { roomId: room.id });
      const texts = ["first", "second", "third"];
      await Promise.all(
        texts.map((text) => ann.ask("room:send", { id: writeId(), roomId: room.id, text })),
      );
      expect(ann.events("room:message").map(({ message }) => message.text)).to.deep.equal(texts);
    });
  });
});
