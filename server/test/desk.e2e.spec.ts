import { expect } from "chai";
import type { DeskItem, DeskVerb, DeskVerbs, Reply } from "@driftsea/protocol";
import { DeskAccounts } from "../src/desk/accounts.ts";
import { fromBase32, stepAt, totp } from "../src/desk/totp.ts";
import { logOf } from "../src/review/note.ts";
import type { Stores } from "../src/stores.ts";
import { onEverySetup } from "./harness/server.ts";
import type { TestServer } from "./harness/server.ts";
import { Visitor, writeId } from "./harness/visitor.ts";

const PASSWORD = "a long enough one";
/** So that a test is about the desk, and not about scrypt. */
const COST = { N: 16, r: 1, p: 1 };

type Answer<V extends DeskVerb> = Reply<DeskVerbs[V]["data"]>;

onEverySetup("the desk", (setup) => {
  let server: TestServer;
  let stores: Stores;
  let accounts: DeskAccounts;

  beforeEach(async () => {
    server = await setup.start({}, (opened) => (stores = opened));
    accounts = new DeskAccounts(stores.desk, logOf(stores.review, stores.clock), COST);
  });

  const post = (verb: string, body: string, headers: Record<string, string> = {}) =>
    fetch(`${server.url}/desk/api/${verb}`, {
      method: "POST",
      headers: { "content-type": "application/json", ...headers },
      body,
    });

  /** Somebody at the desk. */
  async function moderator(name: string) {
    const { secret } = await accounts.add(name, PASSWORD);
    const code = totp(fromBase32(secret), stepAt(Date.now()));
    const payload = { name, password: PASSWORD, code };
    const signedIn = await post("sign-in", JSON.stringify(payload));
    const reply = (await signedIn.json()) as Answer<"sign-in">;
    if (!reply.ok) throw new Error(JSON.stringify(reply.error));
    const { token } = reply.data;
    const ask = async <V extends DeskVerb>(
      verb: V,
      asked: DeskVerbs[V]["payload"],
    ): Promise<DeskVerbs[V]["data"]> => {
      const headers = { authorization: `Bearer ${token}` };
      const answer = await post(verb, JSON.stringify(asked), headers);
      const given = (await answer.json()) as Answer<V>;
      if (!given.ok) throw new Error(given.error.code);
      return given.data;
    };
    const cases = async (): Promise<DeskItem[]> => (await ask("queue", {})).items;
    return { token, payload, ask, cases };
  }

  /** A bottle that somebody has complained of. */
  async function reported(text: string, reason: string): Promise<{ ann: Visitor; id: string }> {
    const ann = await Visitor.come(server.url);
    const bo = await Visitor.come(server.url);
    await ann.throws(text);
    const { bottle } = await bo.catches();
    const target = { kind: "bottle", id: bottle.id } as const;
    await bo.ask("safety:report", { id: writeId(), target, reason, note: "look at this" });
    return { ann, id: bottle.id };
  }

  it("[M2] a reported bottle: two must agree to end it; figures and log say who decided", async () => {
    const { ann } = await reported("Buy my things", "spam");
    const [mo, ada] = [await moderator("mo"), await moderator("ada")];
    const [item] = await mo.cases();
    expect(item).to.deep.include({ kind: "bottle", texts: ["Buy my things"], needsSecond: false });
    expect(item!.reasons).to.deep.equal([{ reason: "spam", count: 1 }]);
    const decision = { id: item!.id, decision: "remove", reason: "spam" } as const;
    expect((await mo.ask("decide", decision)).outcome).to.equal("second_needed");
    expect((await mo.ask("decide", decision)).outcome, "not twice by one").to.equal("gone");
    expect((await mo.cases()).map(({ id }) => id)).not.to.include(item!.id);
    const [second] = await ada.cases();
    expect(second).to.deep.include({ id: item!.id, needsSecond: true });
    expect((await ada.ask("decide", decision)).outcome).to.equal("done");
    const { bottles } = await ann.ask("bottle:mine", {});
    expect(bottles.map(({ state }) => state)).not.to.include("afloat");
    const figures = await mo.ask("figures", {});
    expect(figures).to.deep.include({ decided: 1, agreement: 1, waiting: 0 });
    expect(figures.byModerator.map(({ name }) => name)).to.have.members(["ada", "mo"]);
    const { entries } = await ada.ask("log", {});
    const lines = entries.map(({ name, what, decision: d }) => [name, what, d].join(" ").trim());
    expect(lines).to.deep.equal([
      "ada decided remove",
      "mo decided remove",
      "ada desk:signed-in",
      "ada desk:account-made",
      "mo desk:signed-in",
      "mo desk:account-made",
    ]);
  });

  it("[M2] kept by one it is shown again; whoever comes after finds it decided", async () => {
    await reported("Is anybody awake?", "spam");
    const [mo, ada] = [await moderator("mo"), await moderator("ada")];
    const [item] = await mo.cases();
    const decision = { id: item!.id, decision: "keep", reason: "rules-not-broken" } as const;
    expect((await mo.ask("decide", decision)).outcome).to.equal("done");
    expect((await ada.ask("decide", decision)).outcome).to.equal("gone");
    expect((await ada.cases()).map(({ id }) => id)).not.to.include(item!.id);
  });

  it("[M2] a case names nobody: neither its author nor who complained", async () => {
    const { ann, id } = await reported("Buy my things", "spam");
    const mo = await moderator("mo");
    const text = JSON.stringify(await mo.cases());
    for (const told of [ann.token, id]) expect(text, told).not.to.include(told);
  });

  it("[M2] without a session, with a drifter's token or after signing out all is refused alike", async () => {
    const mo = await moderator("mo");
    const ann = await Visitor.come(server.url);
    await mo.ask("sign-out", {});
    const answers = new Set<string>();
    for (const verb of ["queue", "decide", "figures", "log", "new-secret", "sign-out", "x"])
      for (const authorization of ["", `Bearer ${ann.token}`, `Bearer ${mo.token}`]) {
        const answer = await post(verb, "{}", { authorization });
        const { date: _date, uwebsockets: _name, ...headers } = Object.fromEntries(answer.headers);
        answers.add(JSON.stringify([answer.status, headers, await answer.text()]));
      }
    expect([...answers]).to.have.length(1);
    expect([...answers][0])
      .to.include("[401,")
      .and.include("unauthorized");
  });

  it("[M2] a code is good once; guessing is slowed down; neither is told from an unknown name", async () => {
    const mo = await moderator("mo");
    const answers: string[] = [];
    for (const more of [{}, { name: "eve" }, { password: "guess" }]) {
      const answer = await post("sign-in", JSON.stringify({ ...mo.payload, ...more }));
      answers.push(`${answer.status} ${await answer.text()}`);
    }
    expect(new Set(answers).size).to.equal(1);
    expect(answers[0]).to.include("401");
    const tries = await Promise.all(
      Array.from({ length: 8 }, () => post("sign-in", JSON.stringify(mo.payload))),
    );
    expect(tries.map(({ status }) => status)).to.include(429);
    expect(tries.filter(({ status }) => status === 200)).to.have.length(0);
    // Whoever sits there already is not thrown out by it.
    expect(await mo.cases()).to.deep.equal([]);
  });

  it("[M2] bodies are bounded, other sites refused, and POST is taken nowhere else", async () => {
    const mo = await moderator("mo");
    const authorization = `Bearer ${mo.token}`;
    const large = await post("queue", JSON.stringify({ x: "x".repeat(16 * 1024) }), {
      authorization,
    });
    expect(large.status).to.equal(413);
    const evil = await post("queue", "{}", { authorization, origin: "https://evil.example" });
    expect(evil.status).to.equal(403);
    for (const path of ["/desk", "/", "/metrics", "/deskapi/queue"])
      expect((await fetch(server.url + path, { method: "POST", body: "{}" })).status).to.equal(405);
    expect((await fetch(`${server.url}/desk/api/queue`)).status).to.equal(405);
  });

  it("[M7] neither password, token nor address is in the store or in the log", async () => {
    const mo = await moderator("mo");
    await post("sign-in", JSON.stringify({ ...mo.payload, name: "somebody", password: "a guess" }));
    await mo.cases();
    const kept = `${(await setup.dump()) ?? ""}${server.log()}`;
    for (const secret of [PASSWORD, mo.token, "127.0.0.1", "somebody", "a guess"])
      expect(kept.replaceAll(server.url, ""), secret).not.to.include(secret);
  });
});
