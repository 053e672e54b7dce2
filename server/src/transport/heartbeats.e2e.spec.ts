import { expect } from "chai";
import { connectionOf } from "./connection.ts";
import { KINDS, openTest } from "./transport.harness.ts";

describe("heartbeats on the wire", () => {
  it("[R7] who does not answer a ping is closed within 20 s where others see him, on both engines; who does stays", async function () {
    this.timeout(60_000);
    await Promise.all(
      KINDS.map(async (kind) => {
        const t = await openTest(kind);
        const [silent, alive] = [await t.raw(), await t.raw()];
        alive.websocket.on("message", (data: Buffer) => {
          if (data.toString() === "2") alive.send("3");
        });
        for (const raw of [silent, alive]) await raw.join();
        const lines = [...t.io.sockets.sockets.values()].map((socket) => connectionOf(socket)!);
        for (const line of lines) line.isWatched = true;
        const reads = Promise.all(lines.map((line) => line.hasRead()));
        const from = performance.now();
        await silent.closed;
        expect(performance.now() - from, kind).to.be.within(18_000, 22_000);
        expect(silent.packets, kind).to.include("2");
        expect(t.io.sockets.sockets.size, kind).to.equal(1);
        expect(alive.packets, kind).to.include("2");
        expect(await reads, "who is silent has read nothing").to.deep.equal([false, true]);
        await t.close();
      }),
    );
  });

  it("[B6] what was on its way when something was told says nothing of it; the answer to a ping behind it does", async () => {
    await Promise.all(
      KINDS.map(async (kind) => {
        const t = await openTest(kind);
        const raw = await t.raw();
        await raw.join();
        const [socket] = t.io.sockets.sockets.values();
        const line = connectionOf(socket!)!;
        line.ping();
        const reads: string[] = [];
        const read = line.hasRead().then(() => reads.push("read"));
        await raw.next(() => raw.packets.filter((packet) => packet === "2").length === 2);
        // An answer to the first ping, and a question, may have crossed what was told.
        raw.send("3");
        raw.send('421["echo","x"]');
        await raw.next((packet) => packet.startsWith("431"));
        expect(reads, kind).to.deep.equal([]);
        raw.send("3");
        await read;
        await t.close();
      }),
    );
  });

  it("[B6] who says that he goes has been there until then; who is cut off, or whose line just ends, has read nothing more", async () => {
    await Promise.all(
      KINDS.map(async (kind) => {
        const t = await openTest(kind);
        const raws = [await t.raw(), await t.raw(), await t.raw(), await t.raw()];
        for (const raw of raws) await raw.join();
        const lines = [...t.io.sockets.sockets.values()].map((socket) => connectionOf(socket)!);
        const reads = lines.map((line) => line.hasRead());
        raws[0]!.websocket.close();
        lines[1]!.drop();
        raws[2]!.websocket.terminate();
        lines[3]!.end();
        expect(await Promise.all(reads), kind).to.deep.equal([true, false, false, false]);
        expect(await lines[1]!.hasRead(), "ended").to.equal(false);
        await t.close();
      }),
    );
  });
});
