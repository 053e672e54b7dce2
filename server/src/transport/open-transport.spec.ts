import { expect } from "chai";
import { pino } from "pino";
import { openTransport } from "./open-transport.ts";
import type { Transport, TransportOptions } from "./transport.ts";
import { eventually, KINDS, openTest, upgradeRequest, within } from "./transport.harness.ts";

async function failure(promise: Promise<Transport>): Promise<Error> {
  try {
    await (await promise).close();
  } catch (error) {
    if (error instanceof Error) return error;
  }
  throw new Error("it opened");
}

describe("opening a transport", () => {
  const cannotLoad = (): Promise<never> => Promise.reject(new Error("no such binary"));

  function options(kind: TransportOptions["kind"], lines: string[]): TransportOptions {
    return {
      kind,
      host: "127.0.0.1",
      port: 0,
      logger: pino({ level: "info" }, { write: (line: string) => void lines.push(line) }),
      admit: () => ({ admitted: true, release: () => {} }),
      handle: () => ({ status: 200, headers: {} }),
      meter: null,
      onMetered: () => {},
    };
  }

  it("[M9] auto takes uWebSockets.js without a word", async () => {
    const lines: string[] = [];
    const transport = await openTransport(options("auto", lines));
    await transport.close();
    expect(transport.kind).to.equal("uws");
    expect(lines).to.deep.equal([]);
  });

  it("[M9] auto falls back to Node's http with one line of warning", async () => {
    const lines: string[] = [];
    const transport = await openTransport(options("auto", lines), cannotLoad);
    await transport.close();
    expect(transport.kind).to.equal("node");
    expect(lines).to.have.length(1);
    expect(lines[0]).to.include('"level":40');
  });

  it("says clearly that uWebSockets.js was asked for and cannot be loaded", async () => {
    const error = await failure(openTransport(options("uws", []), cannotLoad));
    expect(error.message).to.include("uWebSockets.js cannot be loaded");
  });

  for (const kind of KINDS) {
    for (const second of KINDS) {
      it(`says clearly that the port is in use: ${second} after ${kind}`, async () => {
        const first = await openTest(kind);
        const error = await failure(openTransport({ ...options(second, []), port: first.port }));
        await first.close();
        expect(error.message).to.match(/cannot listen on 127\.0\.0\.1:\d+: the port is in use/);
      });
    }
  }
});

for (const kind of KINDS) {
  describe(`closing a transport on ${kind}`, () => {
    it("[M9] takes no new connections after stopListening, and keeps those that are there", async () => {
      const t = await openTest(kind);
      const client = t.client();
      await within(new Promise((resolve) => client.once("connect", () => resolve(0))), "connect");
      const waiting = await t.net();
      // answered: so the server knows of the connection and keeps it alive
      const closed = new Promise((resolve) => waiting.once("close", resolve));
      waiting.write("GET / HTTP/1.1\r\nhost: x\r\n\r\n");
      await within(new Promise((resolve) => waiting.once("data", resolve)), "answer");
      t.stopListening();
      t.stopListening();
      const refused = t.client();
      await within(
        new Promise((resolve) => refused.once("connect_error", () => resolve(0))),
        "refusal",
      );
      expect(await client.timeout(2000).emitWithAck("echo", 7)).to.equal(7);
      // the connection that was kept alive is no way in either
      waiting.write(upgradeRequest());
      await within(closed, "close of what was kept alive");
      expect(t.counts.admitted).to.equal(1);
      await t.close();
    });

    it("[M9] closes what is open, releases all, and can be asked twice", async () => {
      const t = await openTest(kind);
      const raws = await Promise.all([t.raw(), t.raw(), t.raw()]);
      await raws[0].join();
      const idle = await t.net();
      idle.write("GET / HTTP/1.1\r\nhost: x\r\n\r\n");
      await Promise.all([t.close(), t.close()]);
      await within(Promise.all(raws.map((raw) => raw.closed)), "end of all");
      await eventually(() => t.counts.released === 3, "release of all");
      expect(t.logged).to.deep.equal([]);
    });

    it("[M9] ends even where a peer never answers its close", async () => {
      const t = await openTest(kind);
      const raw = await t.raw();
      await raw.join();
      raw.websocket.pause();
      await t.close();
      expect(t.counts.released).to.equal(1);
    });
  });
}
