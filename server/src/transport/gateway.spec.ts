import { EventEmitter } from "node:events";
import { expect } from "chai";
import type { Server } from "socket.io";
import { PROTOCOL_VERSION } from "@driftsea/protocol";
import { StoreUnavailable } from "../lib/errors.ts";
import { Gateway } from "./gateway.ts";
import type { GatewayParts } from "./gateway.ts";

/** A line of somebody who is known, as far as the gateway uses one. */
class Line extends EventEmitter {
  readonly id = "line";
  readonly data = { arrival: { drifter: "ann", circle: "ann's" }, locale: "en" };
  connected = true;
  ask: (...packet: unknown[]) => void = () => {};

  onAny(listener: (...packet: unknown[]) => void): void {
    this.ask = listener;
  }

  disconnect(): void {
    if (!this.connected) return;
    this.connected = false;
    this.emit("disconnect");
  }
}

/** A gateway over services that do nothing but count who is in his circle; `during` happens on the way in. */
function open(during: (line: Line) => void, more: object = {}) {
  const nothing = async (): Promise<void> => {};
  let here = 0;
  const line = new Line();
  const asked: { what: unknown; answer: () => void }[] = [];
  const parts = {
    dispatch: {
      answer: (_context: unknown, [what]: unknown[]) =>
        new Promise<void>((answer) => asked.push({ what, answer })),
    },
    publisher: { add: async () => true, remove: () => true, isConnected: () => false },
    quotas: { quotas: nothing },
    bottles: { arrived: async () => during(line), departed: nothing },
    rooms: { disconnected: nothing },
    meets: { drop: nothing },
    circles: { arrived: async () => (here += 1), departed: () => (here -= 1) },
    feed: { disconnected: () => {} },
    streams: { disconnected: () => {} },
    blocks: { arrived: () => {}, departed: () => {} },
    asks: { disconnected: () => {} },
    places: { connected: () => {}, disconnected: () => {}, renew: nothing },
    metrics: { connections: { inc: () => {}, dec: () => {} } },
    clock: { now: () => 0 },
    commandLimit: { burst: 1e6, perSecond: 1e6 },
    hello: {},
    logger: { warn: () => {} },
    ...more,
  } as unknown as GatewayParts;
  const io = Object.assign(new EventEmitter(), { use: () => {} });
  const gateway = new Gateway(parts);
  gateway.open(io as unknown as Server);
  return { gateway, line, io, asked, here: () => here };
}

describe("who comes and goes", () => {
  for (const [when, during] of [
    ["after he was let in", () => {}],
    ["while he is let in", (line: Line) => line.disconnect()],
  ] as const)
    it(`[F15] who hangs up ${when} is no longer counted as here`, async () => {
      const { line, io, here } = open(during);
      io.emit("connection", line);
      await new Promise((done) => setImmediate(done));
      line.disconnect();
      expect(here()).to.equal(0);
    });

  it("[R7] a departure that cannot be noted is owed once, however often he comes and goes meanwhile", async () => {
    let [isAway, asked] = [true, 0];
    const drop = async (): Promise<void> => {
      asked += 1;
      if (isAway) throw new StoreUnavailable();
    };
    const { gateway, io } = open(() => {}, { meets: { drop } });
    for (let i = 0; i < 20; i += 1) {
      const line = new Line();
      io.emit("connection", line);
      line.disconnect();
    }
    await gateway.settled();
    expect(asked).to.be.above(0);
    [isAway, asked] = [false, 0];
    await gateway.settleOwed();
    expect(asked).to.equal(1);
    await gateway.settleOwed();
    expect(asked, "it was noted").to.equal(1);
  });
});

describe("those who come at once", () => {
  const turn = (): Promise<void> => new Promise((done) => setImmediate(done));
  /** Knocks at a gateway whose sessions are asked, and answer when they are told to. */
  const open = () => {
    const asked: { answer: (arrival: object) => void; fail: (error: Error) => void }[] = [];
    const refused: string[] = [];
    let knock: (socket: object, next: (error?: { data: { code: string } }) => void) => void;
    const parts = {
      puzzles: { newcomer: async () => null },
      sessions: {
        arrive: () => new Promise((answer, fail) => asked.push({ answer, fail })),
      },
      metrics: { refused: { inc: () => {} } },
    } as unknown as GatewayParts;
    const io = { use: (middleware: typeof knock) => (knock = middleware), on: () => {} };
    new Gateway(parts).open(io as unknown as Server);
    let came = 0;
    const come = (readyState = "open"): void => {
      const handshake = { auth: { protocol: PROTOCOL_VERSION } };
      knock({ handshake, conn: { readyState } }, (error) => {
        if (error) refused.push(error.data.code);
        else came += 1;
      });
    };
    return { come, asked, refused, came: () => came };
  };

  it("[R7] are looked up 8 at a time, and so each comes in", async () => {
    const { come, asked, refused, came } = open();
    for (let i = 0; i < 100; i += 1) come();
    for (let i = 0; i < 100; i += 1) {
      await turn();
      expect(asked).to.have.length(Math.min(100, 8 + i));
      asked[i]!.answer({});
    }
    await turn();
    expect(came()).to.equal(100);
    expect(refused).to.deep.equal([]);
    come();
    await turn();
    expect(asked).to.have.length(101);
  });

  it("[M9] are all refused at once where the store is away, and asked for nothing where they have gone", async () => {
    const { come, asked, refused, came } = open();
    for (let i = 0; i < 100; i += 1) come();
    await turn();
    asked[0]!.fail(new StoreUnavailable());
    await turn();
    expect(refused).to.have.length(93);
    expect(new Set(refused)).to.deep.equal(new Set(["overloaded"]));
    come("closed");
    come();
    await turn();
    expect(asked, "one place was free").to.have.length(9);
    for (const { answer } of asked) answer({});
    await turn();
    expect(came()).to.equal(8);
  });
});

describe("what one asks at once", () => {
  /** What was answered before it makes room. */
  const turn = async (): Promise<void> => {
    for (let i = 0; i < 2; i += 1) await new Promise((done) => setImmediate(done));
  };

  it("[M9] is in work 32 at a time, in its order; what has not begun when he hangs up is let go", async () => {
    const { line, io, asked } = open(() => {});
    io.emit("connection", line);
    for (let i = 0; i < 100; i += 1) line.ask(i);
    expect(asked.map(({ what }) => what)).to.deep.equal(Array.from({ length: 32 }, (_, i) => i));
    for (const i of [5, 0, 31]) asked[i]!.answer();
    await Promise.resolve();
    expect(asked, "within the turn").to.have.length(32);
    await turn();
    expect(asked.slice(32).map(({ what }) => what)).to.deep.equal([32, 33, 34]);
    line.disconnect();
    for (const { answer } of asked) answer();
    await turn();
    expect(asked).to.have.length(35);
  });

  it("[M8] does not wait without an end: who asks on while nothing is answered is put out", async () => {
    const { line, io, asked } = open(() => {});
    io.emit("connection", line);
    for (let i = 0; i < 32 + 4096; i += 1) line.ask(i);
    expect(line.connected).to.equal(true);
    line.ask("one too many");
    expect(line.connected).to.equal(false);
    for (const { answer } of asked) answer();
    await turn();
    expect(asked).to.have.length(32);
  });

  it("[M9] is all answered where he stays", async () => {
    const { line, io, asked } = open(() => {});
    io.emit("connection", line);
    for (let i = 0; i < 100; i += 1) line.ask(i);
    for (let i = 0; i < 100; i += 1) {
      asked[i]!.answer();
      await turn();
    }
    expect(asked.map(({ what }) => what)).to.deep.equal(Array.from({ length: 100 }, (_, i) => i));
    line.ask("more");
    expect(asked).to.have.length(101);
  });
});
