import { expect } from "chai";
import { nanoid } from "nanoid";
import { Registry } from "prom-client";
import type { CommandName, DrifterId, ScreenedPlace } from "@driftsea/protocol";
import { Screener, parseList } from "@driftsea/protocol/screening";
import type { ScreenMark, Screened } from "@driftsea/protocol/screening";
import { ManualClock } from "../lib/clock.ts";
import { DomainError, StoreUnavailable } from "../lib/errors.ts";
import { Care } from "./care.ts";
import type { WhenAway } from "./classifier.ts";
import type { ForReview } from "./reviewers.ts";
import { ScreeningMetrics } from "./screening.metrics.ts";
import { ScreeningService } from "./screening.service.ts";
import { MemoryScreeningStore } from "./screening.store.memory.ts";

const LISTS = `
kraken | slur | confirm
sink you | threat | hold
maybe sirens | sexual | hold
whirlpool | spam | refuse
want to drown | crisis | fine
`;

const writerOf = (mask: string) => ({ mask, drifter: mask as DrifterId });

type Options = {
  areThere?: boolean;
  namesHeld?: boolean;
  classifier?: (text: string) => Promise<Screened | null>;
  whenAway?: WhenAway;
};

function create({
  areThere = true,
  namesHeld = true,
  classifier,
  whenAway = "fine",
}: Options = {}) {
  const clock = new ManualClock(1_700_000_000_000);
  const store = new MemoryScreeningStore(clock);
  const queue: ForReview[] = [];
  const newcomers = new Set<string>();
  const unsettled: unknown[] = [];
  const registry = new Registry();
  const handed: string[] = [];
  const lists = { screener: new Screener(parseList(LISTS, "test")) };
  const care = new Care(() => lists.screener);
  const screening = new ScreeningService({
    store,
    care,
    classifier: classifier ? { ask: (text) => (handed.push(text), classifier(text)) } : null,
    whenAway,
    reviewers: { areThere: async () => areThere, put: async (text) => void queue.push(text) },
    namesHeld,
    countsRepeats: true,
    isNewcomer: async (drifter) => newcomers.has(drifter),
    metrics: new ScreeningMetrics(registry),
    onUnsettled: (error) => unsettled.push(error),
  });
  /** What a write is answered: "ok", with "care" where help is offered; or the code and what is marked. */
  const write = async (
    mask: string,
    name: CommandName,
    payload: object,
    data: object = answerOf(),
  ): Promise<string> => {
    try {
      const passed = await screening.admit(writerOf(mask), name, payload);
      await screening.written(passed, data);
      return (data as { care?: true }).care ? "ok, care" : "ok";
    } catch (error) {
      if (!(error instanceof DomainError)) throw error;
      const { marks } = error.details.fields ?? {};
      if (marks === undefined) return error.code;
      const { text } = payload as { text: string };
      const said = (JSON.parse(marks) as ScreenMark[]).map(
        ({ start, end, kind }) => `${kind} ${text.slice(start, end)}`,
      );
      return [error.code, ...said].join(": ");
    }
  };
  const throws = (mask: string, text: string, confirmed?: boolean): Promise<string> =>
    write(mask, "bottle:throw", { text, ...(confirmed === undefined ? {} : { confirmed }) });
  return {
    screening,
    care,
    store,
    clock,
    queue,
    newcomers,
    unsettled,
    registry,
    handed,
    write,
    throws,
  };
}

/** What every write is answered with, together. */
const answerOf = (text?: string) => ({
  bottle: { id: "b", ...(text === undefined ? {} : { text }) },
  thread: { id: "t" },
  message: { seq: 1 },
  seq: 2,
  post: { id: "p" },
  comment: { seq: 3 },
});

/** Where each place's text comes from. */
const WRITES: [ScreenedPlace, CommandName, object][] = [
  ["bottle", "bottle:throw", {}],
  ["answer", "bottle:answer", {}],
  ["thread", "thread:send", {}],
  ["room", "room:send", {}],
  ["title", "room:motd", {}],
  ["letter", "hole:write", {}],
  ["secret", "feed:post", {}],
  ["comment", "feed:comment", {}],
  ["ask", "ask:ask", {}],
  ["ask", "ask:answer", {}],
];
const TARGETS: Partial<Record<CommandName, object>> = {
  "bottle:throw": { kind: "bottle", id: "b" },
  "bottle:answer": { kind: "thread", id: "t", seq: 1 },
  "thread:send": { kind: "thread", id: "t", seq: 1 },
  "room:send": { kind: "room", id: "r", seq: 2 },
  "feed:post": { kind: "secret", id: "p" },
  "feed:comment": { kind: "comment", id: "p", seq: 3 },
};
const TALK = new Set<ScreenedPlace>(["answer", "thread", "room"]);

describe("screening", () => {
  for (const [where, name] of WRITES) {
    it(`[M12] ${name}: refuses, asks, and lets pass what was confirmed`, async () => {
      const { write } = create();
      expect(await write("ann", name, { text: "a calm sea" })).to.equal("ok");
      expect(await write("ann", name, { text: "a whirlpool" })).to.equal(
        "rejected: spam whirlpool",
      );
      const text = "you kraken";
      expect(await write("ann", name, { text })).to.equal("confirmation_needed: slur kraken");
      expect(await write("ann", name, { text, confirmed: true })).to.equal("ok");
    });

    it(`[M12] ${name}: ${TALK.has(where) ? "talk does not wait: a threat is refused, the rest is looked at" : "waits for people, and goes as they decide"}`, async () => {
      const { write, queue, screening } = create();
      const send = (text: string) => write("ann", name, { text, confirmed: true });
      if (TALK.has(where)) {
        expect(await send("I will sink you")).to.equal("rejected: threat sink you");
        expect(await send("maybe sirens")).to.equal("ok");
        expect(await send("maybe sirens"), "the same again").to.equal("ok");
        expect(queue).to.have.length(1);
        expect(queue[0]).to.deep.include({ text: "maybe sirens", where, isHeld: false });
        expect(queue[0]).to.deep.include({ kinds: ["sexual"], urgency: "normal" });
        // Said again to another it is another case.
        for (const id of ["one", "one", "two"])
          await write("ann", name, { id, text: "maybe sirens", confirmed: true });
        expect(queue).to.have.length(3);
        return;
      }
      for (let i = 0; i < 3; i += 1)
        expect(await send("I will sink you")).to.equal("held_for_review");
      expect(await write("bo", name, { text: "I will sink you", confirmed: true })).to.equal(
        "held_for_review",
      );
      expect(queue, "once for each of the two").to.have.length(2);
      const [{ mark, ...first }] = queue as [ForReview];
      expect(first).to.deep.equal({
        text: "I will sink you",
        where,
        kinds: ["threat"],
        urgency: "threat",
        isHeld: true,
        isDoubted: false,
        target: null,
      });
      await screening.decided(mark, "allowed");
      expect(await send("I will sink you")).to.equal("ok");
      await screening.decided(mark, "refused");
      expect(await send("I will sink you")).to.equal("rejected: threat sink you");
    });

    it(`[M6] ${name}: words of crisis cost nothing; help is offered, and people look first`, async () => {
      const { write, queue, unsettled } = create();
      const text = "I want to drown";
      const [ids, data] = [{ threadId: "t", roomId: "r", postId: "p" }, answerOf(text)];
      for (let i = 0; i < 3; i += 1)
        expect(await write("ann", name, { ...ids, text }, data)).to.equal("ok, care");
      expect(data.bottle).to.have.property("care", true);
      expect(unsettled).to.deep.equal([]);
      expect(queue).to.deep.equal([
        {
          mark: queue[0]!.mark,
          text,
          where,
          kinds: ["crisis"],
          urgency: "care",
          isHeld: false,
          isDoubted: false,
          target: TARGETS[name] ?? null,
        },
      ]);
    });
  }

  it("[M12] where nobody can look, nothing waits: a threat is refused, the rest is asked about", async () => {
    const { throws, queue } = create({ areThere: false });
    expect(await throws("ann", "I will sink you", true)).to.equal("rejected: threat sink you");
    expect(await throws("ann", "maybe sirens")).to.equal(
      "confirmation_needed: sexual maybe sirens",
    );
    expect(await throws("ann", "maybe sirens", true)).to.equal("ok");
    expect(queue).to.deep.equal([]);
  });

  it("[M12] a room's title is screened, what has no words is not", async () => {
    const { screening, write } = create();
    const failure: unknown = await Promise.resolve()
      .then(() => screening.admit(writerOf("ann"), "room:create", { title: "whirlpool" }))
      .catch((error: unknown) => error);
    expect(failure).to.have.property("code", "rejected");
    expect(await write("ann", "room:create", {})).to.equal("ok");
    expect(await write("ann", "room:send", { sealed: "whirlpool" })).to.equal("ok");
    expect(await write("ann", "room:motd", { text: "" })).to.equal("ok");
    expect(await write("ann", "bottle:catch", {})).to.equal("ok");
  });

  it("[M12] marks stand where they are in what was sent; in talk one may say how one is found", async () => {
    const { write, throws } = create();
    expect(await throws("ann", " \u200b you \u200bkra\u200bken ")).to.equal(
      "confirmation_needed: slur kra\u200bken",
    );
    expect(await throws("ann", "look at example.com/x")).to.equal(
      "confirmation_needed: link example.com/x",
    );
    for (const name of ["room:send", "thread:send", "bottle:answer"] as const)
      for (const text of ["look at example.com/x", "write to bo@example.org", "call 138 0013 8000"])
        expect(await write("ann", name, { text }), text).to.equal("ok");
  });

  it("[M12] what is tried out is answered as a write would be, and is kept nowhere", async () => {
    const { screening, queue, throws } = create();
    const check = async (text: string, where: ScreenedPlace = "bottle") => {
      const { verdict, marks, care } = await screening.check(text, where);
      return [verdict, marks.map(({ kind }) => kind), care];
    };
    expect(await check("a calm sea")).to.deep.equal(["fine", [], false]);
    expect(await check("you kraken")).to.deep.equal(["confirm", ["slur"], false]);
    expect(await check("I will sink you")).to.deep.equal(["hold", ["threat"], false]);
    expect(await check("a whirlpool")).to.deep.equal(["refuse", ["spam"], false]);
    expect(await check("I want to drown")).to.deep.equal(["fine", ["crisis"], true]);
    expect(await check("我暗恋王思琪同学", "secret")).to.deep.equal(["confirm", ["name"], false]);
    const long = "the old lighthouse keeper went down to the shore with a lamp in his hand";
    for (let i = 0; i < 5; i += 1) await check(long);
    expect(await throws("ann", long)).to.equal("ok");
    expect(queue).to.deep.equal([]);
  });

  describe("what many write", () => {
    const AD =
      "Earn three hundred a day from home, no experience needed, write to the pink dolphin";
    const vary = (i: number): string =>
      `${["Hey!", "hello friend,", "🐬", "psst...", "attention!!"][i % 5]} ${AD.replace("home", ["home", "bed", "your sofa"][i % 3]!)} ${i}`;

    it("[M12] a flood of small variations by five drifters is refused from the third on", async () => {
      const { throws, registry } = create();
      const answers: string[] = [];
      for (let i = 0; i < 5; i += 1) answers.push(await throws(`drifter ${i}`, vary(i)));
      expect(answers.slice(0, 2)).to.deep.equal(["ok", "ok"]);
      for (const [i, answer] of answers.entries())
        if (i >= 2) expect(answer).to.equal(`rejected: repeat ${vary(i)}`);
      expect(await throws("drifter 1", vary(1)), "the same write again").to.equal("ok");
      expect(await throws("drifter 4", vary(4))).to.match(/^rejected/);
      expect(
        await throws("drifter 4", "something else that is said by nobody but me today"),
      ).to.equal("ok");
      expect(await registry.metrics()).to.include('driftsea_repeats_total{where="bottle"} 4');
    });

    it("[M12] also across places, and shorter where it offers something", async () => {
      const { throws, write } = create();
      expect(await throws("a", AD)).to.equal("ok");
      expect(await write("b", "hole:write", { text: `${AD}!` })).to.equal("ok");
      expect(await write("c", "feed:comment", { text: AD })).to.match(/^rejected/);
      const short = "all at shop.example.com/dolphin";
      for (const who of ["a", "b"]) expect(await throws(who, short, true)).to.equal("ok");
      expect(await throws("c", short, true)).to.match(/^rejected/);
    });

    it("[M12] who writes without end is compared with others all the same", async () => {
      const { throws, write } = create();
      for (const who of ["a", "b"]) expect(await throws(who, AD)).to.equal("ok");
      for (let i = 0; i < 300; i += 1) await write("c", "feed:comment", { text: vary(i) });
      expect(await throws("c", AD)).to.match(/^rejected/);
    });

    it("[M12] fifty who say good night, wish a happy new year or laugh are fifty people", async () => {
      const { throws } = create();
      for (const text of ["晚安", "大家晚安，做个好梦", "good night everybody", "哈".repeat(50)])
        for (let i = 0; i < 50; i += 1) expect(await throws(`d${i}`, text), text).to.equal("ok");
    });

    it("[M12] one who says the same in ten places, and many who talk of the same, are not a flood", async () => {
      const { throws, write } = create();
      for (let i = 0; i < 10; i += 1) expect(await throws("ann", vary(i))).to.equal("ok");
      const line = "we shall meet at the old pier when the tide is out";
      for (let i = 0; i < 10; i += 1)
        expect(await write(`d${i}`, "room:send", { text: line })).to.equal("ok");
    });
  });

  describe("names of private people", () => {
    const text = "我暗恋王思琪同学很久了";
    const post = (more: object) => ({ text, ...more });
    const both = { confirmed: true, confirmedNames: true };

    it("[F9] a secret that names somebody is asked about twice, and then waits for people", async () => {
      const { write, queue, screening } = create();
      expect(await write("ann", "feed:post", post({}))).to.equal(
        "confirmation_needed: name 王思琪",
      );
      expect(await write("ann", "feed:post", post({ confirmed: true }))).to.equal(
        "confirmation_needed: name 王思琪",
      );
      expect(queue).to.deep.equal([]);
      expect(await write("ann", "feed:post", post(both))).to.equal("held_for_review");
      expect(queue).to.have.length(1);
      expect(queue[0]).to.deep.include({ kinds: ["name"], urgency: "high", where: "secret" });
      await screening.decided(queue[0]!.mark, "allowed");
      expect(await write("ann", "feed:post", post(both))).to.equal("ok");
      expect(await write("bo", "feed:post", post(both)), "another's is another").to.equal(
        "held_for_review",
      );
    });

    for (const options of [{ areThere: false }, { namesHeld: false }])
      it(`[F9] ${JSON.stringify(options)}: twice confirmed it goes`, async () => {
        const { write, queue } = create(options);
        expect(await write("ann", "feed:post", post({ confirmed: true }))).to.match(
          /^confirmation/,
        );
        expect(await write("ann", "feed:post", post(both))).to.equal("ok");
        expect(queue).to.deep.equal([]);
      });

    it("[F11] of who wrote what is held nothing is kept: neither in the queue nor in the store", async () => {
      const { write, queue } = create();
      const mask = nanoid();
      await write(mask, "feed:post", post(both));
      await write(mask, "feed:post", post({ ...both, text: `${text}!` }));
      expect(JSON.stringify(queue)).to.not.include(mask);
      expect(new Set(queue.map(({ mark }) => mark)).size).to.equal(2);
    });
  });

  describe("with an outside classifier", () => {
    const said = (verdict: Screened["verdict"], more: Partial<Screened> = {}): Screened => ({
      verdict,
      marks: [],
      care: false,
      ...more,
    });

    it("[M12] the graver of the two counts, and what the lists refuse is not handed on", async () => {
      const { throws, handed, screening } = create({
        classifier: async (text) =>
          text.includes("storm")
            ? said("refuse", { marks: [{ start: 0, end: 5, kind: "threat" }] })
            : said("fine", { care: text.includes("alone") }),
      });
      expect(await throws("ann", "storm over you")).to.equal("rejected: threat storm");
      expect(await throws("ann", "so alone")).to.equal("ok, care");
      expect(await throws("ann", "you kraken")).to.equal("confirmation_needed: slur kraken");
      expect(await throws("ann", "a whirlpool")).to.match(/^rejected/);
      expect(handed).to.deep.equal(["storm over you", "so alone"]);
      expect((await screening.check("storm over you", "letter")).verdict).to.equal("refuse");
    });

    it("[M12] away: fine lets it go by the lists alone", async () => {
      const { throws } = create({ classifier: async () => null, whenAway: "fine" });
      expect(await throws("ann", "a calm sea")).to.equal("ok");
      expect(await throws("ann", "you kraken")).to.equal("confirmation_needed: slur kraken");
    });

    it("[M12] away: refuse takes nothing for now, and says that the same may come again", async () => {
      const { throws, screening } = create({ classifier: async () => null, whenAway: "refuse" });
      expect(await throws("ann", "a calm sea")).to.equal("unavailable");
      expect((await screening.check("a calm sea", "bottle")).verdict).to.equal("refuse");
    });

    it("[M12] away: hold makes it wait where it can, and what people said stays said", async () => {
      let isAway = true;
      const classifier = async () => (isAway ? null : said("fine"));
      const { throws, write, queue, screening } = create({ classifier, whenAway: "hold" });
      expect(await throws("ann", "a calm sea")).to.equal("held_for_review");
      expect(await write("ann", "room:send", { text: "hi" }), "talk cannot").to.equal(
        "unavailable",
      );
      isAway = false;
      await screening.decided(queue[0]!.mark, "refused");
      expect(await throws("ann", "a calm sea")).to.equal("rejected");
      expect(await throws("bo", "a calm sea")).to.equal("ok");
      const alone = create({ classifier: async () => null, whenAway: "hold", areThere: false });
      expect(await alone.throws("ann", "a calm sea")).to.equal("unavailable");
    });

    it("[M12] what one person writes keeps its order, however long each takes", async () => {
      const ends: (() => void)[] = [];
      const { throws, handed } = create({
        classifier: (text) =>
          text === "first"
            ? new Promise((done) => ends.push(() => done(said("fine"))))
            : Promise.resolve(said("fine")),
      });
      const order: string[] = [];
      const first = throws("ann", "first").then(() => order.push("first"));
      const second = throws("ann", "second").then(() => order.push("second"));
      await throws("bo", "meanwhile").then(() => order.push("meanwhile"));
      ends[0]!();
      await Promise.all([first, second]);
      expect(order).to.deep.equal(["meanwhile", "first", "second"]);
      expect(handed).to.deep.equal(["first", "meanwhile", "second"]);
    });
  });

  it("[M12] what cannot be put before people fails nothing that is written already", async () => {
    const { screening, store, unsettled } = create();
    store.claim = () => Promise.reject(new StoreUnavailable());
    const passed = await screening.admit(writerOf("ann"), "hole:write", {
      text: "I want to drown",
    });
    await screening.written(passed, {});
    expect(unsettled).to.have.length(1);
  });

  it("[M12] what is looked at for long holds up the short that was said behind it, and nobody else", async () => {
    const { screening, store } = create();
    let letGo = (): void => {};
    const isLooked = new Promise<void>((done) => (letGo = done));
    const note = store.note.bind(store);
    store.note = async (...what) => (await isLooked, note(...what));
    const long = Array.from({ length: 60 }, (_, i) => `a word ${i} of a long story`).join(" ");
    const order: string[] = [];
    const say = async (who: string, text: string): Promise<void> => {
      await screening.admit(writerOf(who), "room:send", { text });
      order.push(`${who}: ${text.slice(0, 8)}`);
    };
    const said = [say("ann", long), say("ann", "short"), say("bo", "short")];
    await said[2];
    letGo();
    await Promise.all(said);
    expect(order).to.deep.equal(["bo: short", "ann: a word 0", "ann: short"]);
  });

  it("[M12] [M6] of one writer people get so many texts in an hour, and those of newcomers come later", async () => {
    const { write, queue, newcomers } = create();
    newcomers.add("ann");
    for (let i = 0; i < 25; i += 1)
      expect(await write("ann", "hole:write", { text: `I want to drown ${i}` })).to.equal(
        "ok, care",
      );
    expect(await write("ann", "hole:write", { text: "maybe sirens" })).to.equal("rate_limited");
    expect(await write("bo", "hole:write", { text: "maybe sirens" })).to.equal("held_for_review");
    expect(queue.map(({ isDoubted }) => isDoubted)).to.deep.equal([
      ...Array.from({ length: 20 }, () => true),
      false,
    ]);
  });

  it("[M12] counts what was said, and where", async () => {
    const { throws, registry } = create();
    for (const text of [
      "a calm sea",
      "you kraken",
      "I will sink you",
      "whirlpool",
      "want to drown",
    ])
      await throws("ann", text);
    const metrics = await registry.metrics();
    for (const line of [
      'driftsea_screened_total{where="bottle",verdict="fine"} 2',
      'driftsea_screened_total{where="bottle",verdict="confirm"} 1',
      'driftsea_screened_total{where="bottle",verdict="hold"} 1',
      'driftsea_screened_total{where="bottle",verdict="refuse"} 1',
      'driftsea_care_total{where="bottle"} 1',
    ])
      expect(metrics).to.include(line);
    expect(metrics).to.not.match(/kraken|drown/);
  });
});

describe("care, as it is read", () => {
  it("[M6] every text of crisis in an answer or an event says so, and nothing else does", async () => {
    const { screening, care } = create();
    const crisis = "I want to drown";
    const data = {
      bottle: { text: crisis, id: "a" },
      messages: [{ text: "hello" }, { text: crisis }],
      held: [{ bottle: { text: crisis } }],
      thread: { bottle: { text: crisis, kind: "plain" } },
      answers: [
        { question: crisis, answer: "call somebody" },
        { question: "x", answer: "y" },
      ],
      photo: new Uint8Array(4),
      room: { title: "sea" },
    };
    await screening.written(null, data);
    expect(data).to.deep.equal({
      bottle: { text: crisis, id: "a", care: true },
      messages: [{ text: "hello" }, { text: crisis, care: true }],
      held: [{ bottle: { text: crisis, care: true } }],
      thread: { bottle: { text: crisis, kind: "plain", care: true } },
      answers: [
        { question: crisis, answer: "call somebody", care: true },
        { question: "x", answer: "y" },
      ],
      photo: new Uint8Array(4),
      room: { title: "sea" },
    });
    const event = { threadId: "t", message: { text: crisis } };
    care.markNow(event);
    expect(event.message).to.have.property("care", true);
  });

  it("[M6] a long answer is looked through to its end, and holds up nothing else meanwhile", async () => {
    const { screening } = create();
    const crisis = "I want to drown";
    const messages = Array.from({ length: 30_000 }, (_, i) => ({ text: `${i} ${crisis}` }));
    let turns = 0;
    const count = setInterval(() => (turns += 1), 0);
    await screening.written(null, { messages });
    clearInterval(count);
    expect(messages.filter((one) => !("care" in one))).to.deep.equal([]);
    expect(turns).to.be.greaterThan(1);
  });
});
