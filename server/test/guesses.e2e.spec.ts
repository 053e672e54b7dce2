import { expect } from "chai";
import type { CommandName } from "@driftsea/protocol";
import { below, seededRandom } from "../src/lib/random.ts";
import type { Rng } from "../src/lib/random.ts";
import { newSecret, openWorld } from "./harness/alike.ts";
import { pick } from "./harness/mutants.ts";
import { onEverySetup } from "./harness/server.ts";
import { Visitor, pause, writeId } from "./harness/visitor.ts";
import { wire } from "./harness/wire-forms.ts";
import { commands } from "../src/transport/commands.ts";

/** DRIFTSEA_SEED=x guesses otherwise; DRIFTSEA_LONG=1 a million times, and 100 000 tokens. */
const SEED = process.env["DRIFTSEA_SEED"] ?? "guesses";
const LONG = Boolean(process.env["DRIFTSEA_LONG"]);
/** Over the four setups. */
const GUESSES = LONG ? 250_000 : 2500;
const TOKENS = LONG ? 25_000 : 125;
const AT_ONCE = 50;

/** Every command that says which thing it is about. */
const TAKING_IDS = (): string[] => {
  const { channels, components } = wire();
  return Object.entries(channels.sea.messages)
    .filter(([name, { payload }]) => {
      const schema = components.schemas[String(payload["$ref"]).split("/").at(-1)!];
      const fields = Object.keys((schema?.["properties"] as object | undefined) ?? {});
      return /^\w+:\w+$/.test(name) && fields.some((field) => IDS.has(field));
    })
    .map(([name]) => name)
    .filter((name) => commands.has(name));
};
const IDS = new Set(
  "bottleId threadId roomId personaId postId questionId noticeId meetId box code target".split(" "),
);
/** Of what is not his, these are answered as if they had been done, whatever there is. */
const DONE_ANYWAY = new Set([
  "circle:leave",
  "feed:hide",
  "feed:mute",
  "meet:cancel",
  "meet:skip",
  "push:unwatch",
]);
const LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_".split("");

/** With one character that is another; the last says only some bits of 32 bytes. */
function changedIn(rng: Rng, value: string): string {
  const at = below(rng, value.length - 1);
  const others = LETTERS.filter((letter) => letter !== value[at]);
  return value.slice(0, at) + pick(rng, others) + value.slice(at + 1);
}

/** Of a payload, what a guess is made of. */
const said = (payload: object): string => JSON.stringify({ ...payload, id: "" });

onEverySetup("guesses", (setup) => {
  it(`[M8] ${GUESSES} guesses of ids and keys: none hits, and what there is looks like what never was (seed ${SEED})`, async function () {
    this.timeout(Math.max(60_000, GUESSES * 60));
    const server = await setup.start({
      RATE_LIMITS: "off",
      LOG_LEVEL: "warn",
      // Or the secret that is not his would be let out meanwhile.
      RELEASE_DELAY_MAX_MS: 24 * 60 * 60 * 1000,
    });
    const { eve, alike, photos, living, end } = await openWorld(server.url);
    const compared = new Set<string>(alike.map(({ name }) => name));
    expect(TAKING_IDS().filter((name) => !compared.has(name))).to.deep.equal([]);
    const rng = seededRandom(`${SEED}-${setup.name}`);
    const changed = (value: string): string => changedIn(rng, value);
    /** One character of one string is another: the nearest that a guess comes. */
    const near = (payload: object): object => {
      const strings = Object.entries(payload).filter(
        ([name, value]) => /Id$|Key$|^box$/.test(name) && typeof value === "string",
      ) as [string, string][];
      if (strings.length === 0) return payload;
      const [name, value] = pick(rng, strings);
      return { ...payload, [name]: changed(value) };
    };
    // What opens to whoever has its id or key is guessed from as near.
    const { roomId, ownerKey, box } = living;
    const beside: { name: CommandName; payload: () => object }[] = [
      { name: "room:enter", payload: () => ({ roomId: changed(roomId) }) },
      { name: "room:destroy", payload: () => ({ roomId, ownerKey: changed(ownerKey) }) },
      { name: "room:lock", payload: () => ({ roomId, ownerKey: changed(ownerKey), locked: true }) },
      { name: "ask:read", payload: () => ({ box: changed(box) }) },
      { name: "ask:ask", payload: () => ({ id: writeId(), box: changed(box), text: "why?" }) },
    ];
    const counts = { guesses: 0, "of keys": 0, "asked again": 0 };
    /** What was answered, by command: all that a stranger gets to see. */
    const seen = new Map<string, Map<string, string>>();
    let soonest = Infinity;
    const drawn = (): { name: CommandName; what: string; given: object; isGuess: boolean } => {
      if (rng.uniform() < 0.2) {
        const { name, payload } = pick(rng, beside);
        return { name, what: "is beside a living one", given: payload(), isGuess: true };
      }
      const { name, cases } = pick(rng, alike);
      const { what, payload } = pick(rng, cases);
      const given = payload();
      const other = rng.uniform() < 0.3 ? near(given) : given;
      // What is the same each time is known, and no guess.
      const isGuess = other !== given || said(given) !== said(payload());
      return { name, what, given: other, isGuess };
    };
    while (counts.guesses < GUESSES) {
      const round = Array.from({ length: AT_ONCE }, async () => {
        const { name, what, given, isGuess } = drawn();
        counts[isGuess ? "guesses" : "asked again"] += 1;
        if (isGuess && "ownerKey" in given) counts["of keys"] += 1;
        const askedAt = performance.now();
        const reply = await eve.raw(name, given);
        if (!reply.ok && reply.error.code === "gone")
          soonest = Math.min(soonest, performance.now() - askedAt);
        const kind = "target" in given ? ` ${(given.target as { kind: string }).kind}` : "";
        const replies = seen.get(name + kind) ?? new Map<string, string>();
        replies.set(JSON.stringify(reply), what);
        seen.set(name + kind, replies);
      });
      await Promise.all(round);
    }
    const shown = new Map<string, string>();
    for (let n = 0; n < GUESSES / 50; n += 1) {
      const { what, path } = pick(rng, photos);
      const answer = await fetch(server.url + path());
      const headers = [...answer.headers].filter(([header]) => header !== "date");
      shown.set(JSON.stringify([answer.status, headers, await answer.text()]), what);
    }
    expect([...shown.keys()]).to.have.length(1);
    expect([...shown.keys()][0]).to.match(/^\[404,/);
    const told = [...seen].filter(([, replies]) => replies.size > 1);
    expect(told.map(([name, replies]) => [name, ...replies])).to.deep.equal([]);
    for (const [name, replies] of seen)
      expect([...replies.keys()][0], name).to.match(
        DONE_ANYWAY.has(name) ? /^\{"ok":true,"data":\{\}\}$/ : /^\{"ok":false/,
      );
    expect(seen.size).to.be.greaterThan(40);
    if (LONG) console.log(`      ${JSON.stringify(counts)}`);
    // Less than 5 ms of this clock may be 5 of the timer's.
    expect(soonest, "ms to the soonest gone").to.be.within(4, 5000);
    expect(server.log()).to.not.include('"level":50');
    end();
  });

  it(`[M8] ${TOKENS} tokens that are forged, changed or forgotten: each is refused in the same words`, async function () {
    this.timeout(Math.max(60_000, TOKENS * 200));
    const server = await setup.start({ RATE_LIMITS: "off" });
    const rng = seededRandom(`${SEED}-tokens-${setup.name}`);
    const [ann, bo] = [await Visitor.come(server.url), await Visitor.come(server.url)];
    await bo.ask("session:forget", {});
    const tokens: (() => string)[] = [
      newSecret,
      () => bo.token,
      () => {
        return changedIn(rng, ann.token);
      },
      () => ann.token.slice(0, -1),
      () => `${ann.token}A`,
      () => ann.token.toLowerCase(),
      () => "",
    ];
    const answers = new Set<string>();
    for (let done = 0; done < TOKENS; done += 25) {
      const round = Array.from({ length: Math.min(25, TOKENS - done) }, async () =>
        Visitor.come(server.url, { token: pick(rng, tokens)() }).then(
          () => answers.add("let in"),
          ({ message, code }: { message: string; code: string }) =>
            answers.add(`${message} ${code}`),
        ),
      );
      await Promise.all(round);
    }
    expect([...answers]).to.deep.equal(["unauthorized unauthorized"]);
    // Many at once are one and the same.
    const many = await Promise.all(
      Array.from({ length: 5 }, () => Visitor.come(server.url, { token: ann.token })),
    );
    expect(new Set(many.map(({ ready }) => JSON.stringify(ready.persona))).size).to.equal(1);
    for (const who of [ann, ...many]) await who.leave();
  });

  it("[R4] of many who use one invite at once, as many get in as it says, and nobody afterwards", async function () {
    this.timeout(LONG ? 3_600_000 : 60_000);
    const server = await setup.start({ RATE_LIMITS: "off" });
    const ann = await Visitor.come(server.url);
    const roomOf = async () => {
      const { room, ownerKey } = await ann.ask("room:create", {
        id: writeId(),
        lifetime: { kind: "fixed", ms: 600_000 },
        access: "link",
      });
      return { roomId: room.id, ownerKey };
    };
    const crowd = await Promise.all(Array.from({ length: 25 }, () => Visitor.come(server.url)));
    const rng = seededRandom(`${SEED}-invites-${setup.name}`);
    // One that was for a moment.
    const past = await roomOf();
    const { invite: late } = await ann.ask("room:invite", { ...past, ttlMs: 1 });
    await pause(20);
    for (let round = 0; round < (LONG ? 1000 : 5); round += 1) {
      const { roomId, ownerKey } = await roomOf();
      const uses = 1 + (round % 3);
      const { invite } = await ann.ask("room:invite", { roomId, ownerKey, uses });
      const enter = () =>
        Promise.all(crowd.map((who) => who.send("room:enter", { roomId, invite })));
      const codesOf = (of: { roomId: typeof roomId }, made: () => typeof invite) =>
        Promise.all(crowd.map((who) => who.refused("room:enter", { ...of, invite: made() })));
      for (const codes of [
        await codesOf({ roomId }, () => changedIn(rng, invite) as typeof invite),
        await codesOf({ roomId: past.roomId }, () => late),
      ])
        expect(new Set(codes)).to.deep.equal(new Set(["gone"]));
      const first = await enter();
      expect(first.filter(({ ok }) => ok).length, `round ${round}`).to.equal(uses);
      // Who was in before may come again; of all others nobody.
      const isIn = (replies: typeof first) => replies.map(({ ok }) => ok);
      expect(isIn(await enter())).to.deep.equal(isIn(first));
      await ann.ask("room:destroy", { roomId, ownerKey });
    }
    for (const who of [ann, ...crowd]) await who.leave();
  });
});
