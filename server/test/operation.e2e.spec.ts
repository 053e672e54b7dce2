import { expect } from "chai";
import { ConfigError, readConfig } from "../src/config.ts";
import { onEverySetup, startServer } from "./harness/server.ts";
import { Visitor } from "./harness/visitor.ts";

onEverySetup("operation", (setup) => {
  it("answers for its health, readiness and metrics", async () => {
    const server = await setup.start({ METRICS_TOKEN: "sesame" });
    const get = (path: string, init?: RequestInit) => fetch(server.url + path, init);
    expect((await get("/healthz")).status).to.equal(200);
    expect((await get("/readyz")).status).to.equal(200);
    expect((await get("/metrics")).status).to.equal(401);
    const metrics = await get("/metrics", { headers: { authorization: "Bearer sesame" } });
    expect(await metrics.text()).to.include("driftsea_connections");
    const missing = await get("/nothing");
    expect(missing.status).to.equal(404);
    expect(missing.headers.get("content-security-policy")).to.include("default-src 'none'");
    expect((await get("/", { method: "POST" })).status).to.equal(405);
  });

  it("can be looked into with ADMIN_UI and its password alone; no word of anybody is there", async () => {
    const closed = await setup.start();
    expect((await fetch(`${closed.url}/admin`)).status, "off by default").to.equal(404);
    const password = "an operator's: 潮水, long enough";
    const server = await setup.start({ ADMIN_UI: 1, ADMIN_PASSWORD: password });
    const ann = await Visitor.come(server.url);
    await ann.throws("kumquat in a bottle");
    const look = (authorization?: string) =>
      fetch(`${server.url}/admin`, authorization ? { headers: { authorization } } : {});
    const basic = (said: string): string => `Basic ${Buffer.from(said).toString("base64")}`;
    for (const wrong of [
      undefined,
      "Bearer of nothing",
      "Basic",
      "Basic !",
      basic(""),
      basic("keeper"),
      basic(`keeper:${password} `),
      basic(`${password}:`),
    ]) {
      const refused = await look(wrong);
      expect(refused.status, wrong).to.equal(401);
      expect(refused.headers.get("www-authenticate")).to.match(/^Basic /);
      expect(await refused.text(), wrong).to.equal("Unauthorized\n");
    }
    const page = await look(basic(`keeper:${password}`));
    expect(page.status).to.equal(200);
    expect(page.headers.get("cache-control")).to.equal("no-store");
    expect(page.headers.get("content-security-policy")).to.include("form-action 'none'");
    const text = await page.text();
    expect(text).to.match(/<td>Open connections of drifters<\/td><td>1<\/td>/);
    expect(text).to.include("command: bottle:throw, outcome: ok");
    for (const secret of ["kumquat", ann.token, password]) expect(text).to.not.include(secret);
  });

  it("two servers cannot have one port", async () => {
    const server = await setup.start();
    const second = startServer({ TRANSPORT: server.transport, PORT: server.port });
    let error: unknown;
    await second.catch((e: unknown) => (error = e));
    expect(String(error)).to.match(/in use|EADDRINUSE/i);
    const ann = await Visitor.come(server.url);
    expect(ann.ready.protocol).to.equal(1);
  });
});

describe("settings", () => {
  it("names every fault at once, with the variable and the accepted form", () => {
    const env = {
      PORT: "abc",
      REDIS_URL: "http://x:secret@y",
      TRANSPORT: "fast",
      RATE_LIMITS: "off",
      CREATURE_PROBABILITY: "2",
      LEASE_MS: "1h",
      SEAS: "/nowhere.json",
      ALLOWED_ORIGINS: "sea.example",
      TRUST_PROXY: "yes",
      WEB_CONCURRENCY: "0",
      NODE_SECRET: "short",
      CLASSIFIER_URL: "https://me:secret@classifier.example",
      CLASSIFIER_TIMEOUT_MS: "1",
      CLASSIFIER_WHEN_AWAY: "shrug",
      NAMES_HELD: "maybe",
    };
    let error: unknown;
    try {
      readConfig(env);
    } catch (e) {
      error = e;
    }
    expect(error).to.be.instanceOf(ConfigError);
    const { faults, message } = error as ConfigError;
    expect(faults).to.have.length(Object.keys(env).length);
    for (const name of Object.keys(env)) expect(message).to.include(name);
    expect(message).to.not.include("secret@");
    expect(message).to.include("PORT=abc: must be a whole number from 0 to 65535");
  });

  it("does not start to be looked into without a password that cannot be guessed", () => {
    for (const password of [undefined, "", "a secret"])
      expect(() => readConfig({ ADMIN_UI: "1", ADMIN_PASSWORD: password }))
        .to.throw(ConfigError, /ADMIN_PASSWORD: must have at least 16 characters/)
        .with.property("message")
        .that.does.not.include("a secret");
    expect(() => readConfig({ ADMIN_UI: "yes" })).to.throw(ConfigError, /ADMIN_UI=yes: must be/);
    const password = "sixteen or more.";
    for (const on of ["1", "on"])
      expect(readConfig({ ADMIN_UI: on, ADMIN_PASSWORD: password }).adminPassword).to.equal(
        password,
      );
    for (const off of [undefined, "0", "off"])
      expect(readConfig({ ADMIN_UI: off, ADMIN_PASSWORD: password }).adminPassword).to.equal(null);
  });

  it("takes an empty variable for an unset one", () => {
    expect(readConfig({ PORT: "", REDIS_URL: " " })).to.include({ port: 3000, redisUrl: null });
  });
});
