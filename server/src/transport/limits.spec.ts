import { expect } from "chai";
import { connectionOf } from "./connection.ts";
import { eventually, KINDS, nextSocket, openTest, within } from "./transport.harness.ts";

const MIB = 1024 * 1024;
/** What Socket.IO's decoder holds of a packet that is not complete; it declares it private. */
interface Decoding {
  reconstructor?: { buffers: unknown[] } | null;
}

const PLENTY = { burst: 1e9, perSecond: 1e9 };

for (const kind of KINDS) {
  describe(`limits on ${kind}`, () => {
    it("[M9] a slow reader is closed, and the others get every message", async function () {
      this.timeout(30_000);
      const t = await openTest(kind);
      const readers = await Promise.all([t.raw(), t.raw(), t.raw()]);
      const slow = await t.raw();
      for (const raw of [...readers, slow]) await raw.join();
      await eventually(() => t.io.sockets.sockets.size === 4, "all");
      slow.websocket.pause();
      const text = "x".repeat(20_000);
      let sent = 0;
      // the kernel takes some megabytes before anything waits in the server
      for (; t.io.sockets.sockets.size === 4 && sent < 3000; sent += 1) {
        t.io.to("hall").emit("long", sent, text);
        if (sent % 10 === 9) await new Promise((resolve) => setImmediate(resolve));
      }
      expect(t.io.sockets.sockets.size).to.equal(3);
      t.io.to("hall").emit("end");
      for (const raw of readers) {
        await raw.next((packet) => packet === '42["end"]');
        const numbers = raw.packets
          .filter((packet) => packet.startsWith('42["long"'))
          .map((packet) => Number(packet.slice(10, packet.indexOf(",", 10))));
        expect(numbers).to.deep.equal(Array.from({ length: sent }, (_each, i) => i));
      }
      slow.websocket.resume();
      await within(slow.closed, "close of the slow reader");
      expect(slow.packets.join()).not.to.include('42["end"]');
      // What the kernel had taken comes; what waited in the server does not: a MiB, and what was sent in that turn.
      const got = slow.packets.filter((packet) => packet.startsWith('42["long"')).length;
      expect((sent - got) * text.length).to.be.within(0.7 * MIB, 1.5 * MIB);
      await eventually(() => t.counts.released === 1, "release");
      await t.close();
    });

    it("[M9] one who reads may be sent more than the limit in one turn", async () => {
      const t = await openTest(kind);
      const raw = await t.raw();
      await raw.join();
      for (let i = 0; i < 1200; i += 1) t.io.to("hall").emit("long", "x".repeat(1000));
      t.io.to("hall").emit("end");
      await raw.next((packet) => packet === '42["end"]');
      expect(raw.packets.filter((packet) => packet.startsWith('42["long"'))).to.have.length(1200);
      await t.close();
    });

    it("metering closes the one who sends too many packets, before they are parsed", async () => {
      const meter = { packets: { burst: 100, perSecond: 10 }, bytes: PLENTY };
      const t = await openTest(kind, { meter });
      let heard = 0;
      t.io.on("connection", (socket) => socket.on("tick", () => void (heard += 1)));
      const [offender, other] = [await t.raw(), await t.raw()];
      for (const raw of [offender, other]) await raw.join();
      for (let i = 0; i < 5000; i += 1) offender.send('42["tick"]');
      await within(offender.closed, "close");
      await eventually(() => t.counts.released === 1, "release");
      expect(t.counts.metered).to.equal(1);
      expect(heard).to.be.at.most(110);
      other.send('42["tick"]');
      const before = heard;
      await eventually(() => heard === before + 1, "the other one's packet");
      await t.close();
    });

    it("metering closes the one who sends too many bytes", async () => {
      const meter = { packets: PLENTY, bytes: { burst: MIB, perSecond: 1000 } };
      const t = await openTest(kind, { meter });
      const raw = await t.raw();
      await raw.join();
      for (let i = 0; i < 3; i += 1) raw.send(`42${JSON.stringify(["x", "y".repeat(MIB / 2)])}`);
      await within(raw.closed, "close");
      expect(t.counts.metered).to.equal(1);
      await t.close();
    });

    it("metering counts control frames and what comes before CONNECT", async () => {
      const meter = { packets: { burst: 50, perSecond: 1 }, bytes: PLENTY };
      const t = await openTest(kind, { meter });
      const [pinging, ponging, early] = [await t.raw(), await t.raw(), await t.raw()];
      for (let i = 0; i < 200; i += 1) pinging.websocket.ping();
      for (let i = 0; i < 200; i += 1) ponging.websocket.pong();
      for (let i = 0; i < 200; i += 1) early.send("3");
      await within(
        Promise.all([pinging, ponging, early].map(({ closed }) => closed)),
        "close of all",
      );
      expect(t.counts.metered).to.equal(3);
      await eventually(() => t.counts.released === 3, "release");
      await t.close();
    });

    it("[M8] [M9] a packet of so many parts that no call takes them ends its own connection and nothing else", async () => {
      const t = await openTest(kind);
      t.io.on("connection", (socket) => socket.onAny(() => {}));
      const other = await t.raw();
      await other.join();
      const many = "0,".repeat(200_000);
      for (const packet of [
        `42["a",${many}0]`,
        `421234567890123456["echo",${many}0]`,
        `42["a:b",${"[],".repeat(200_000)}0]`,
        `43["a",${many}0]`,
      ]) {
        const raw = await t.raw();
        await raw.join();
        raw.send(packet);
        await within(raw.closed, "close");
      }
      await eventually(() => t.counts.released === 4, "release");
      other.send('421["echo","still here"]');
      expect(await other.next((packet) => packet.startsWith("431"))).to.include("still here");
      await t.close();
    });

    it("takes one attachment with a packet, and closes on a header that announces more", async () => {
      const t = await openTest(kind);
      const [honest, greedy] = [await t.raw(), await t.raw()];
      for (const raw of [honest, greedy]) await raw.join();
      const two = '{"_placeholder":true,"num":0},{"_placeholder":true,"num":1}';
      greedy.send(`452-["echo",${two}]`);
      await within(greedy.closed, "close");
      await eventually(() => t.counts.released === 1, "release");
      honest.send('451-7["echo",{"_placeholder":true,"num":0}]');
      honest.send(Buffer.from([1, 2, 3]));
      await honest.next((packet) => packet.startsWith("461-7"));
      await t.close();
    });

    it("[M9] takes no header of many parts of what has yet to come: it would be held until then", async () => {
      const t = await openTest(kind);
      const [honest, greedy] = [await t.raw(), await t.raw()];
      for (const raw of [honest, greedy]) await raw.join();
      const header = (id: number, more: number): string =>
        `451-${id}["echo",{"a":{"_placeholder":true,"num":0},"b":[${"{},".repeat(more)}{}]}]`;
      greedy.send(header(1, 6000));
      await within(greedy.closed, "close");
      await eventually(() => t.counts.released === 1, "release");
      honest.send(header(7, 4000));
      honest.send(Buffer.from([1, 2, 3]));
      await honest.next((packet) => packet.startsWith("461-7"));
      const words = `"${"x".repeat(MIB)}"`;
      honest.send(`451-8["echo",{"a":{"_placeholder":true,"num":0},"b":${words}}]`);
      honest.send(Buffer.from([1, 2, 3]));
      await honest.next((packet) => packet.startsWith("461-8"));
      // Nor is one long word held for longer than two heartbeats.
      const connected = nextSocket(t);
      const late = await t.raw();
      await late.join();
      const socket = await connected;
      const { client } = socket as unknown as { client: { decoder: Decoding } };
      late.send(`451-9["echo",{"a":{"_placeholder":true,"num":0},"b":${words}}]`);
      await eventually(() => !!client.decoder.reconstructor, "the header");
      for (let beats = 0; beats < 2; beats += 1) connectionOf(socket)!.ping();
      await within(late.closed, "close");
      await t.close();
    });

    it("holds of one who never sends what he announced nothing but the header", async () => {
      const t = await openTest(kind);
      const header = '451-["echo",{"_placeholder":true,"num":0}]';
      for (const next of [header, '42["echo",1]', `4${"x".repeat(MIB)}`]) {
        const connected = nextSocket(t);
        const raw = await t.raw();
        await raw.join();
        const { client } = (await connected) as unknown as { client: { decoder: Decoding } };
        raw.send(header);
        await eventually(() => !!client.decoder.reconstructor, "the header");
        expect(client.decoder.reconstructor?.buffers).to.deep.equal([]);
        // Nothing but the attachment may follow: a second header is none, and no packet waits.
        raw.send(next);
        await within(raw.closed, "close");
        await eventually(() => !client.decoder.reconstructor, "nothing held");
      }
      await eventually(() => t.counts.released === 3, "release");
      await t.close();
    });

    it("a frame of 2 MiB is read, a larger one closes its connection only", async () => {
      const t = await openTest(kind);
      const sizes: number[] = [];
      t.io.on("connection", (socket) =>
        socket.on("long", (text: string) => void sizes.push(text.length)),
      );
      const [fitting, larger] = [await t.raw(), await t.raw()];
      for (const raw of [fitting, larger]) await raw.join();
      const frame = (length: number): string => `42["long","${"x".repeat(length)}"]`;
      const overhead = frame(0).length;
      fitting.send(frame(2 * MIB - overhead));
      larger.send(frame(2 * MIB - overhead + 1));
      await within(larger.closed, "close");
      await eventually(() => sizes.length === 1, "the one that fits");
      expect(sizes).to.deep.equal([2 * MIB - overhead]);
      fitting.send(frame(3));
      await eventually(() => sizes.length === 2, "another one");
      expect(t.logged).to.deep.equal([]);
      await t.close();
    });
  });
}
