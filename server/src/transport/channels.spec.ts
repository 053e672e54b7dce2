import { once } from "node:events";
import { expect } from "chai";
import type { Socket } from "socket.io";
import { CLOSE_GRACE_MS } from "./connection.ts";
import {
  collect,
  eventually,
  KINDS,
  nextSocket,
  openTest,
  textFrame,
  upgradeRequest,
  within,
  type TestTransport,
} from "./transport.harness.ts";

const AFTERWARDS = "told-afterwards";

/** A member of the hall who speaks over a bare TCP connection and never answers a close. */
async function stubbornMember(t: TestTransport) {
  const connected = nextSocket(t);
  const socket = await t.net();
  const received = collect(socket);
  socket.write(upgradeRequest());
  await eventually(() => received().includes('{"sid"'), "handshake");
  socket.write(textFrame("40"));
  await eventually(() => received().includes('40{"sid"'), "CONNECT");
  const closed = once(socket, "close");
  return { socket, received, closed, server: await connected };
}

/** A member of the hall, to wait until what was published has arrived somewhere. */
async function witness(t: TestTransport) {
  const raw = await t.raw();
  await raw.join();
  return raw;
}

for (const kind of KINDS) {
  describe(`leaving on ${kind}`, () => {
    let t: TestTransport;

    beforeEach(async () => {
      t = await openTest(kind);
    });
    afterEach(() => t.close());

    for (const [name, leave] of [
      ["is kicked", (server: Socket) => void server.disconnect()],
      ["is kicked with its connection", (server: Socket) => void server.disconnect(true)],
      ["is put out by its id", (server: Socket) => server.nsp.in(server.id).disconnectSockets()],
    ] as const) {
      it(`[M9] one who ${name} hears nothing afterwards and is closed`, async () => {
        const other = await witness(t);
        const member = await stubbornMember(t);
        t.io.to("hall").emit("before");
        await eventually(() => member.received().includes("before"), "what came before");
        leave(member.server);
        for (let i = 0; i < 50; i += 1) t.io.to("hall").emit(AFTERWARDS);
        t.io.emit(AFTERWARDS);
        await other.next((packet) => packet.includes(AFTERWARDS));
        await within(member.closed, "close");
        expect(member.received()).not.to.include(AFTERWARDS);
        await eventually(() => t.counts.released === 1, "release");
      });
    }

    it("[M9] one who leaves the namespace hears nothing afterwards and is closed", async () => {
      const other = await witness(t);
      const member = await stubbornMember(t);
      const left = once(member.server as unknown as NodeJS.EventEmitter, "disconnect");
      member.socket.write(textFrame("41"));
      const [reason]: unknown[] = await within(left, "disconnect");
      expect(reason).to.equal("client namespace disconnect");
      t.io.to("hall").emit(AFTERWARDS);
      t.io.emit(AFTERWARDS);
      await other.next((packet) => packet.includes(AFTERWARDS));
      await within(member.closed, "close");
      expect(member.received()).not.to.include(AFTERWARDS);
    });

    it("closes those who never answer the close, after a grace", async () => {
      const member = await stubbornMember(t);
      const start = performance.now();
      member.server.disconnect();
      await within(member.closed, "close");
      expect(performance.now() - start).to.be.lessThan(CLOSE_GRACE_MS + 1000);
    });

    it("[M9] one who left a channel hears that channel no more, and all others", async () => {
      const raw = await t.raw();
      const connected = nextSocket(t);
      await raw.join();
      const server = await connected;
      // another one stays: to a channel without members nothing is sent in the first place
      const otherConnected = nextSocket(t);
      const other = await witness(t);
      await (await otherConnected).join("den");
      await server.join("den");
      t.io.to("den").emit("in-den");
      await raw.next((packet) => packet.includes("in-den"));
      await server.leave("den");
      t.io.to("den").emit(AFTERWARDS);
      await other.next((packet) => packet.includes(AFTERWARDS));
      t.io.to("hall").emit("in-hall");
      await raw.next((packet) => packet.includes("in-hall"));
      expect(raw.packets.join()).not.to.include(AFTERWARDS);
    });
  });

  describe(`channels on ${kind}`, () => {
    let t: TestTransport;

    beforeEach(async () => {
      t = await openTest(kind);
    });
    afterEach(() => t.close());

    it("[M9] a broadcast reaches each member once, in order, and nobody else", async () => {
      const members = await Promise.all(Array.from({ length: 20 }, () => witness(t)));
      const outsider = await t.raw();
      for (let i = 0; i < 100; i += 1) t.io.to("hall").emit("n", i);
      t.io.emit("all");
      const expected = Array.from({ length: 100 }, (_each, i) => `42["n",${i}]`);
      for (const member of members) {
        await member.next((packet) => packet === '42["all"]');
        expect(member.packets.filter((packet) => packet.startsWith('42["n"'))).to.deep.equal(
          expected,
        );
      }
      expect(outsider.packets.filter((packet) => packet.startsWith("42"))).to.deep.equal([]);
    });

    it("[M9] excepts, joins several channels without doubling, and keeps the order", async () => {
      const connected = nextSocket(t);
      const a = await witness(t);
      const server = await connected;
      const b = await witness(t);
      await server.join("den");
      t.io.to("hall").emit("n", 1);
      server.to("hall").emit("n", 2);
      t.io.to(["hall", "den"]).emit("n", 3);
      t.io.except("den").emit("n", 4);
      t.io.volatile.to("hall").emit("n", 5);
      server.emit("n", 6);
      t.io.emit("end");
      for (const raw of [a, b]) await raw.next((packet) => packet === '42["end"]');
      const numbers = (packets: string[]): number[] =>
        packets.flatMap((packet) => /^42\["n",(\d)\]$/.exec(packet)?.slice(1).map(Number) ?? []);
      // 5 is volatile: Node's engine leaves it out while an earlier write is under way
      expect(numbers(a.packets).filter((n) => n !== 5)).to.deep.equal([1, 3, 6]);
      expect(numbers(b.packets).filter((n) => n !== 5)).to.deep.equal([1, 2, 3, 4]);
    });

    it("[M9] no channel's name is the topic of another or of all", async () => {
      const names = ["/", "all:/", "one:/:hall", "#", "+", "", "hall:", "__proto__", "漂:流"];
      const connected = nextSocket(t);
      const raw = await t.raw();
      await raw.join();
      const server = await connected;
      await server.leave("hall");
      const other = await witness(t);
      for (const name of names) t.io.to(name).emit("nobody", name);
      for (const name of names) await server.join(name);
      for (const name of names) t.io.to(name).emit("named", name);
      t.io.to("hall").emit("hall-only");
      t.io.emit("all");
      await raw.next((packet) => packet === '42["all"]');
      await other.next((packet) => packet === '42["all"]');
      const events = (packets: string[]): string[] =>
        packets.filter((packet) => packet.startsWith("42"));
      expect(events(raw.packets)).to.deep.equal([
        ...names.map((name) => `42["named",${JSON.stringify(name)}]`),
        '42["all"]',
      ]);
      expect(events(other.packets)).to.deep.equal(['42["hall-only"]', '42["all"]']);
    });

    it("[M9] one who is still in the middleware hears nothing, and joins what he was put into", async () => {
      let proceed = (): void => {};
      t.io.use((socket, next) => {
        void socket.join("early");
        proceed = next;
      });
      const raw = await t.raw();
      raw.send("40");
      await eventually(() => t.io.sockets.adapter.rooms.has("early"), "middleware");
      t.io.to("early").emit(AFTERWARDS, 1);
      t.io.emit(AFTERWARDS, 2);
      proceed();
      await raw.next((packet) => packet.startsWith("40"));
      t.io.to("early").emit("early");
      await raw.next((packet) => packet === '42["early"]');
      expect(raw.packets.join()).not.to.include(AFTERWARDS);
    });

    it("[M9] asks all members for an acknowledgement", async () => {
      const clients = [t.client(), t.client()];
      for (const client of clients) {
        client.on("ask", (ack: (answer: number) => void) => ack(7));
      }
      await eventually(() => t.io.sockets.sockets.size === 2, "both");
      const answers: unknown = await t.io.to("hall").timeout(3000).emitWithAck("ask");
      expect(answers).to.deep.equal([7, 7]);
    });
  });
}
