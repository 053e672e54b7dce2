import { createPublicKey, verify } from "node:crypto";
import { expect } from "chai";
import type { BottleId } from "@driftsea/protocol";
import { FakePushService } from "./harness/push-service.ts";
import { onEverySetup } from "./harness/server.ts";
import type { Settings, TestServer } from "./harness/server.ts";
import { Visitor, until } from "./harness/visitor.ts";

const CONTACT = "mailto:keeper@sea.example";

/** The claims of a request that this key has signed (RFC 8292). */
function claimsOf(authorization: string, publicKey: string): { aud: string; exp: number } {
  const [, token = "", key = ""] = /^vapid t=([\w.-]+), k=([\w-]+)$/.exec(authorization) ?? [];
  expect(key).to.equal(publicKey);
  const point = Buffer.from(key, "base64url");
  expect(point.length).to.equal(65);
  const [x, y] = [point.subarray(1, 33), point.subarray(33)].map((half) =>
    half.toString("base64url"),
  );
  const jwk = { kty: "EC", crv: "P-256", x: x!, y: y! };
  const [header, claims, signature] = token.split(".") as [string, string, string];
  const isSigned = verify(
    "sha256",
    Buffer.from(`${header}.${claims}`),
    { key: createPublicKey({ key: jwk, format: "jwk" }), dsaEncoding: "ieee-p1363" },
    Buffer.from(signature, "base64url"),
  );
  expect(isSigned).to.equal(true);
  return JSON.parse(Buffer.from(claims, "base64url").toString()) as { aud: string; exp: number };
}

onEverySetup("a push that something has washed ashore", (setup) => {
  let service: FakePushService;
  let server: TestServer;
  const start = async (settings: Settings = {}): Promise<void> => {
    server = await setup.start({
      PUSH_CONTACT: CONTACT,
      PUSH_HOSTS: service.origin,
      ...settings,
    });
  };
  const thrown = async (ann: Visitor, text: string, path: string): Promise<BottleId> => {
    const { id } = await ann.throws(text);
    await ann.ask("push:watch", { bottleId: id, endpoint: service.origin + path });
    return id;
  };
  const answer = async (bottle: string, text: string): Promise<void> => {
    const bo = await Visitor.come(server.url);
    for (;;) {
      const { bottle: caught } = await bo.catches();
      if (caught.id === bottle) break;
      await bo.ask("bottle:release", { bottleId: caught.id });
    }
    await bo.answers(bottle as BottleId, text);
    await bo.leave();
  };
  beforeEach(async () => {
    service = new FakePushService();
    await service.open();
  });
  afterEach(() => service.close());

  it("[B6] is sent once to whoever is away and has asked for it, signed, and without a word", async () => {
    await start();
    const ann = await Visitor.come(server.url);
    const key = ann.ready.pushKey!;
    const id = await thrown(ann, "Is anybody out there?", "/ann");
    await ann.leave();
    await answer(id, "Only me");
    await service.until(1);
    const { path, headers, body } = service.pushes[0]!;
    expect({ path, body }).to.deep.equal({ path: "/ann", body: "" });
    expect(Number(headers["ttl"])).to.be.greaterThan(0);
    expect(JSON.stringify(headers)).to.not.match(/out there|Only me/);
    const claims = claimsOf(headers["authorization"]!, key);
    expect(claims).to.include({ aud: service.origin, sub: CONTACT });
    const inS = claims.exp - Date.now() / 1000;
    expect(inS).to.be.within(60, 24 * 60 * 60);
    // It was sent, so it is kept no longer.
    const dump = await setup.dump();
    if (dump !== null) expect(dump).to.not.include(`${service.origin}/ann`);
    expect(server.log()).to.not.include("/ann");
    const back = await Visitor.come(server.url, { token: ann.token });
    const { items } = await back.ask("session:inbox", {});
    expect(items.map(({ kind }) => kind)).to.deep.equal(["bottle:answered"]);
  });

  it("[B6] is not sent to whoever is here, nor for what was taken back, muted, or not asked for", async () => {
    await start();
    const [ann, cy] = [await Visitor.come(server.url), await Visitor.come(server.url)];
    const here = await thrown(ann, "I am looking", "/here");
    await answer(here, "Hello");
    const unasked = await thrown(cy, "one", "/unasked");
    await cy.ask("push:unwatch", { bottleId: unasked });
    const recalled = await thrown(cy, "two", "/recalled");
    await cy.ask("bottle:recall", { bottleId: recalled });
    if ((await setup.dump()) !== null)
      expect(await setup.dump()).to.not.match(/\/unasked|\/recalled/);
    const asked = await thrown(cy, "three", "/asked");
    await cy.leave();
    await answer(unasked, "Hello");
    await answer(asked, "Hello");
    await service.until(1);
    expect(service.pushes.map(({ path }) => path)).to.deep.equal(["/asked"]);
  });

  it("[B6] a browser that its maker no longer knows is forgotten, for all bottles", async () => {
    await start();
    const ann = await Visitor.come(server.url);
    const one = await thrown(ann, "one", "/gone/1");
    await thrown(ann, "two", "/gone/2");
    await ann.leave();
    await answer(one, "Hello");
    await service.until(1);
    if ((await setup.dump()) === null) return;
    const isKept = async (): Promise<boolean> => (await setup.dump())!.includes("/gone/2");
    await until(async () => !(await isKept()), "the second to go");
  });

  it("[B6] lies under the bottle's own deadline, and goes with whoever is forgotten", async () => {
    await start();
    const ann = await Visitor.come(server.url);
    await thrown(ann, "one", "/forgotten");
    const watched = async (): Promise<boolean | null> =>
      (await setup.dump())?.includes("/forgotten") ?? null;
    expect(await watched()).to.be.oneOf([true, null]);
    await ann.ask("session:forget", {});
    expect(await watched()).to.be.oneOf([false, null]);
  });

  it("[M8] goes nowhere but to named push services, for one's own bottles that are out", async () => {
    await start();
    const [ann, bo] = [await Visitor.come(server.url), await Visitor.come(server.url)];
    const { id } = await ann.throws("one");
    for (const endpoint of [
      "http://127.0.0.1:1/",
      "http://169.254.169.254/latest/meta-data",
      "https://fcm.googleapis.com/fcm/send/x",
      `${service.origin}@example.org/`,
      `${service.origin}.example.org/`,
    ])
      expect(await ann.refused("push:watch", { bottleId: id, endpoint }), endpoint).to.equal(
        "invalid",
      );
    const endpoint = `${service.origin}/x`;
    expect(await bo.refused("push:watch", { bottleId: id, endpoint })).to.equal("gone");
    await ann.ask("bottle:recall", { bottleId: id });
    expect(await ann.refused("push:watch", { bottleId: id, endpoint })).to.equal("gone");
  });

  it("is off where the operator has not turned it on", async () => {
    await start({ PUSH_CONTACT: "" });
    const ann = await Visitor.come(server.url);
    expect(ann.ready.pushKey).to.equal(null);
    const { id } = await ann.throws("one");
    const endpoint = `${service.origin}/x`;
    expect(await ann.refused("push:watch", { bottleId: id, endpoint })).to.equal("unavailable");
  });
});
