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
      WEB_CONCURRENCY: "2",
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

  it("takes an empty variable for an unset one", () => {
    expect(readConfig({ PORT: "", REDIS_URL: " " })).to.include({ port: 3000, redisUrl: null });
  });
});
