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
        for (const socket of t.io.sockets.sockets.values()) connectionOf(socket)!.isWatched = true;
        const from = performance.now();
        await silent.closed;
        expect(performance.now() - from, kind).to.be.within(18_000, 22_000);
        expect(silent.packets, kind).to.include("2");
        expect(t.io.sockets.sockets.size, kind).to.equal(1);
        expect(alive.packets, kind).to.include("2");
        await t.close();
      }),
    );
  });
});
