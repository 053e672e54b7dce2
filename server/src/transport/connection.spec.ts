import { once } from "node:events";
import { expect } from "chai";
import { transports } from "engine.io";
import type { Admission, Upgrade } from "./transport.ts";
import {
  eventually,
  exchange,
  KINDS,
  nextSocket,
  openTest,
  upgradeRequest,
  within,
  type TestTransport,
} from "./transport.harness.ts";

for (const kind of KINDS) {
  describe(`connections on ${kind}`, () => {
    let t: TestTransport;

    beforeEach(async () => {
      t = await openTest(kind);
    });
    afterEach(() => t.close());

    it("[M9] connects and echoes", async () => {
      const client = t.client();
      const value = { text: "漂流瓶", list: [1, null, { deep: true }] };
      expect(await client.timeout(3000).emitWithAck("echo", value)).to.deep.equal(value);
    });

    it("[M9] carries binary both ways", async () => {
      const client = t.client();
      const echoed: unknown = await client
        .timeout(3000)
        .emitWithAck("echo", { bytes: Buffer.from([1, 2, 3]) });
      expect(echoed).to.deep.equal({ bytes: Buffer.from([1, 2, 3]) });
      const heard = once(client as unknown as NodeJS.EventEmitter, "picture");
      t.io.to("hall").emit("picture", Buffer.from([4, 5]));
      expect(await within(heard, "picture")).to.deep.equal([Buffer.from([4, 5])]);
    });

    it("[M9] a command of a megabyte arrives", async () => {
      const text = "x".repeat(1024 * 1024);
      expect(await t.client().timeout(3000).emitWithAck("echo", text.length)).to.equal(text.length);
      const heard = new Promise((resolve) => {
        t.io.on("connection", (socket) => socket.on("long", resolve));
      });
      t.client().emit("long", text);
      expect(await within(heard, "long command")).to.equal(text);
    });

    it("[M7] keeps neither address nor headers with a connection", async () => {
      const connected = nextSocket(t);
      const raw = await t.raw();
      await raw.join();
      const { handshake } = await connected;
      expect(JSON.stringify(handshake)).not.to.include("127.0.0.1");
      expect(handshake.headers).to.deep.equal({});
    });

    it("tells a client random ids, with nothing counted in them", async () => {
      const [a, b] = [await t.raw(), await t.raw()];
      for (const raw of [a, b]) await raw.join();
      const ids = [...a.packets, ...b.packets].map((packet) => /"sid":"([^"]*)"/.exec(packet)![1]!);
      expect(new Set(ids).size).to.equal(4);
      // the ids of Socket.IO are 20 characters long and end in a counter
      for (const id of ids) expect(id).to.match(/^[\w-]{21}$/);
      expect([...t.io.sockets.sockets.keys()].every((id) => ids.includes(id))).to.equal(true);
    });

    for (const [name, target] of [
      ["a session's id", "/socket.io/?EIO=4&transport=websocket&sid=x"],
      ["an old protocol", "/socket.io/?EIO=3&transport=websocket"],
      ["no query", "/socket.io/"],
    ] as const) {
      it(`refuses an upgrade that names ${name}`, async () => {
        const answer = await exchange(t, upgradeRequest(target));
        expect(answer).to.match(/^HTTP\/1\.1 400 Bad Request/);
        expect(answer).to.match(/content-security-policy: default-src 'none'/i);
        expect(t.counts.admitted).to.equal(0);
      });
    }

    it("has no other transport: neither a request nor an upgrade gets a session", async () => {
      const others = Object.keys(transports).filter((name) => name !== "websocket");
      expect(others).not.to.have.length(0);
      for (const name of others) {
        const target = `/socket.io/?EIO=4&transport=${name}`;
        const response = await fetch(`http://127.0.0.1:${t.port}${target}`);
        expect(response.status).to.equal(404);
        expect(await response.text()).not.to.include("sid");
        expect(await exchange(t, upgradeRequest(target))).to.match(/^HTTP\/1\.1 400 /);
      }
      expect(t.counts.admitted).to.equal(0);
      expect(await t.client().timeout(3000).emitWithAck("echo", 1)).to.equal(1);
    });

    it("refuses other namespaces in Socket.IO's words, and closes", async () => {
      const raw = await t.raw();
      raw.send("40/admin,");
      expect(await raw.next((packet) => packet.startsWith("44"))).to.equal(
        '44/admin,{"message":"Invalid namespace"}',
      );
      await within(raw.closed, "close");
      for (const packet of ['40/a b"c', "40/?token=x", "40//", `40/${"x".repeat(1000)}`]) {
        const other = await t.raw();
        other.send(packet);
        await within(other.closed, `close after ${packet.slice(0, 20)}`);
        expect(other.packets.filter((each) => !each.startsWith("0"))).to.deep.equal([]);
      }
    });

    it("lets a connection join once, however many CONNECT packets it sends at once", async () => {
      let asked = 0;
      t.io.use((_socket, next) => {
        asked += 1;
        setImmediate(next);
      });
      const raw = await t.raw();
      for (let i = 0; i < 20; i += 1) raw.send("40");
      await within(raw.closed, "close");
      expect(asked).to.equal(1);
      await eventually(() => t.io.sockets.sockets.size === 0, "end of the socket");
    });

    for (const packet of ["41", "2", "9", "", "4", "47", '42["connect"]', "451-[]", "bAAAA"]) {
      it(`closes on a packet out of place before CONNECT: ${JSON.stringify(packet)}`, async () => {
        const raw = await t.raw();
        raw.send(packet);
        // an empty message, and what Engine.IO ignores, leaves it to the time limit for CONNECT
        if (packet === "" || packet === "4") raw.send("41");
        await within(raw.closed, "close");
        await eventually(() => t.counts.released === 1, "release");
      });
    }
  });

  describe(`admission on ${kind}`, () => {
    async function openWith(admit: (upgrade: Upgrade) => Admission): Promise<TestTransport> {
      return openTest(kind, { admit });
    }

    for (const status of [403, 429, 503] as const) {
      it(`answers ${status} where it says so, and nothing is made of it`, async () => {
        const t = await openWith(() => ({ admitted: false, status }));
        expect(await exchange(t, upgradeRequest())).to.match(new RegExp(`^HTTP/1.1 ${status} `));
        expect(t.io.engine.clientsCount).to.equal(0);
        expect(t.logged).to.deep.equal([]);
        await t.close();
      });
    }

    it("lets nobody in where it throws, and says so in the log only", async () => {
      const t = await openWith(() => {
        throw new Error("the secret of the house");
      });
      const answer = await exchange(t, upgradeRequest());
      expect(answer).to.match(/^HTTP\/1\.1 503 /);
      expect(answer).not.to.include("secret");
      expect(t.logged.join()).to.include("the secret of the house");
      await t.close();
    });

    it("is told origin, host, address and the whole X-Forwarded-For", async () => {
      const seen: Upgrade[] = [];
      const t = await openWith((upgrade) => {
        seen.push(upgrade);
        return { admitted: false, status: 403 };
      });
      const lines = { origin: "https://drift.example", "x-forwarded-for": "192.0.2.1" };
      const twice = upgradeRequest(undefined, lines).replace(
        /\r\n\r\n$/,
        "\r\nx-forwarded-for: 192.0.2.2\r\n\r\n",
      );
      await exchange(t, twice);
      await exchange(t, upgradeRequest());
      expect(seen).to.deep.equal([
        {
          origin: "https://drift.example",
          host: "drift.example",
          address: "127.0.0.1",
          forwardedFor: "192.0.2.1, 192.0.2.2",
        },
        {
          origin: undefined,
          host: "drift.example",
          address: "127.0.0.1",
          forwardedFor: undefined,
        },
      ]);
      await t.close();
    });

    it("is given back once, at its end, whatever that throws", async () => {
      let released = 0;
      const admission = {
        admitted: true as const,
        release: () => {
          released += 1;
          throw new Error("a fault in the release");
        },
      };
      const t = await openWith(() => admission);
      const connected = nextSocket(t);
      const raw = await t.raw();
      await raw.join();
      const server = await connected;
      expect(released).to.equal(0);
      server.disconnect(true);
      raw.websocket.close();
      await within(raw.closed, "close");
      await eventually(() => released > 0, "release");
      await t.close();
      expect(released).to.equal(1);
      expect(t.logged).to.have.length(1);
    });

    it("is given back where the WebSocket does not come about", async () => {
      const t = await openTest(kind);
      const keys = ["", "short", "no-base-64-of-the-length"];
      for (const key of keys) {
        const socket = await t.net();
        const answered = Promise.race([once(socket, "data"), once(socket, "close")]);
        socket.write(upgradeRequest(undefined, { "sec-websocket-key": key }));
        await within(answered, "answer");
        socket.destroy();
      }
      await eventually(() => t.counts.released === t.counts.admitted, "release");
      await t.close();
    });

    it("closes one who never sends CONNECT", async function () {
      this.timeout(15_000);
      const t = await openTest(kind);
      // the time itself is 5 s; here it only has to be one that ends
      t.io.connectTimeout(100);
      const raw = await t.raw();
      await within(raw.closed, "close");
      await eventually(() => t.counts.released === 1, "release");
      await t.close();
    });
  });
}
