import { once } from "node:events";
import { createServer } from "node:net";
import type { AddressInfo, Server as TcpServer } from "node:net";
import { expect } from "chai";
import { WebSocketServer } from "ws";
import type { WebSocket } from "ws";
import { Client } from "./client.ts";
import type { Answer } from "./client.ts";
import { FrameReader, FramingError, OPCODE, encodeFrame } from "./frames.ts";
import { LineError } from "./line.ts";
import { parsedEvent } from "./parsed-events.ts";
import { PER_ADDRESS, isLoopback, socketUrl, sourceOf } from "./target.ts";

/** A frame as a server sends it. */
function serverFrame(opcode: number, payload: Buffer, isLast = true, reserved = 0): Buffer {
  const first = (isLast ? 0x80 : 0) | reserved | opcode;
  const length = payload.length;
  if (length < 126) return Buffer.concat([Buffer.of(first, length), payload]);
  if (length < 65_536)
    return Buffer.concat([Buffer.of(first, 126, length >> 8, length & 255), payload]);
  const head = Buffer.alloc(10);
  head[0] = first;
  head[1] = 127;
  head.writeBigUInt64BE(BigInt(length), 2);
  return Buffer.concat([head, payload]);
}

describe("the load generator's own protocol", () => {
  const sockets: { close: () => void }[] = [];
  afterEach(() => {
    for (const socket of sockets.splice(0)) socket.close();
  });

  /** A WebSocket server by another hand: ws checks masks, lengths and UTF-8. */
  const serve = async (onLine: (line: WebSocket, messages: string[]) => void) => {
    const server = new WebSocketServer({ port: 0, host: "127.0.0.1", clientTracking: true });
    await once(server, "listening");
    sockets.push({
      close: () => {
        for (const line of server.clients) line.terminate();
        server.close();
      },
    });
    const messages: string[] = [];
    server.on("connection", (line) => {
      line.on("message", (data: Buffer) => void messages.push(data.toString()));
      onLine(line, messages);
    });
    const { port } = server.address() as AddressInfo;
    return { url: socketUrl(new URL(`http://127.0.0.1:${port}`)), messages, server };
  };
  const greet = (line: WebSocket): void => {
    line.send('0{"sid":"x","pingInterval":13000,"pingTimeout":7000}');
    line.on("message", (data: Buffer) => {
      if (data.toString().startsWith("40")) line.send('40{"sid":"y"}');
    });
  };
  const listener = () => {
    const events: [string, unknown][] = [];
    const lost: string[] = [];
    let wake = (): void => {};
    return {
      events,
      lost,
      event: (name: string, data: unknown) => {
        events.push([name, data]);
        wake();
      },
      until: async (condition: () => boolean) => {
        while (!condition()) await new Promise<void>((done) => (wake = done));
      },
      onLost: (reason: string) => {
        lost.push(reason);
        wake();
      },
    };
  };
  const connect = (url: URL, ears: ReturnType<typeof listener>, auth = { protocol: 1 }) =>
    Client.connect({ url, auth }, { event: ears.event, lost: ears.onLost });

  it("[M10] events that are alike to the byte but one are told apart, however often they come", () => {
    const texts = Array.from({ length: 600 }, (_, i) => `["e",{"n":${1000 + i},"t":"海"}]`);
    for (const text of [...texts, ...texts, ...texts.flatMap((each) => [each, texts[0]!])]) {
      const bytes = Buffer.from(`42${text}!`);
      const [name, data] = JSON.parse(text) as [string, unknown];
      const event = parsedEvent(bytes, 2, bytes.length - 1);
      bytes.fill(0);
      expect([event.name, event.data]).to.deep.equal([name, data]);
    }
  });

  it("[M10] whatever the pieces are in which bytes come, the messages are the same", () => {
    const long = Buffer.alloc(70_000, "l");
    const shorter = long.subarray(0, 200);
    const middle = Buffer.from("海".repeat(100));
    const streamWith = (long: Buffer): Buffer =>
      Buffer.concat([
        serverFrame(OPCODE.text, Buffer.from("short")),
        serverFrame(OPCODE.text, middle.subarray(0, 10), false),
        serverFrame(OPCODE.ping, Buffer.from("between fragments")),
        serverFrame(OPCODE.continuation, middle.subarray(10, 10), false),
        serverFrame(OPCODE.continuation, middle.subarray(10)),
        serverFrame(OPCODE.binary, long),
        serverFrame(OPCODE.text, Buffer.alloc(0)),
      ]);
    for (const size of [1, 2, 3, 7, 125, 4096, 100_000]) {
      const last = size < 100 ? shorter : long;
      const stream = streamWith(last);
      const seen: [number, string][] = [];
      const reader = new FrameReader((opcode, bytes, start, end) =>
        seen.push([opcode, bytes.toString("utf8", start, end)]),
      );
      const shared = Buffer.alloc(size);
      for (let at = 0; at < stream.length; at += size) {
        const length = stream.copy(shared, 0, at, at + size);
        reader.push(shared.subarray(0, length));
        shared.fill(0);
      }
      expect(seen, `pieces of ${size}`).to.deep.equal([
        [OPCODE.text, "short"],
        [OPCODE.ping, "between fragments"],
        [OPCODE.text, middle.toString()],
        [OPCODE.binary, last.toString()],
        [OPCODE.text, ""],
      ]);
    }
  });

  it("[M10] what a server must not send is refused", () => {
    const text = Buffer.from("x");
    const faults = [
      encodeFrame(OPCODE.text, "masked"),
      serverFrame(OPCODE.text, text, true, 0x40),
      serverFrame(OPCODE.continuation, text),
      serverFrame(OPCODE.ping, text, false),
      serverFrame(OPCODE.ping, Buffer.alloc(126)),
      Buffer.concat([serverFrame(OPCODE.text, text, false), serverFrame(OPCODE.text, text)]),
      Buffer.of(0x81, 127, 0, 0, 1, 0, 0, 0, 0, 0),
    ];
    for (const bytes of faults)
      expect(() => new FrameReader(() => {}).push(bytes), bytes.toString("hex")).to.throw(
        FramingError,
      );
  });

  it("[M10] every length of a frame is masked so that another implementation reads it", async () => {
    const { url, messages, server } = await serve(greet);
    const ears = listener();
    const client = await connect(url, ears);
    const texts = [0, 1, 80, 125, 126, 127, 65_500, 65_600, 200_000].map((n) => "s".repeat(n));
    for (const text of texts) client.ask("say", { text: `${text}海` }, () => {});
    const last = [...server.clients][0]!;
    while (messages.length < texts.length + 1) await once(last, "message");
    expect(messages).to.deep.equal([
      '40{"protocol":1}',
      ...texts.map((text, i) => `42${i}${JSON.stringify(["say", { text: `${text}海` }])}`),
    ]);
    client.close();
  });

  it("[M10] acknowledgements find their command; heartbeats and pings are answered", async () => {
    const { url, messages, server } = await serve((line) => {
      greet(line);
      line.on("message", (data: Buffer) => {
        const ask = /^42(\d+)/.exec(data.toString())?.[1];
        if (ask === "1") line.send('431[{"ok":true,"data":{"n":1}}]');
        if (ask === "1") line.send('430[{"ok":false,"error":{"code":"gone"}}]');
      });
    });
    const ears = listener();
    const client = await connect(url, ears);
    const answers: [string, Answer][] = [];
    client.ask("first", {}, (answer) => answers.push(["first", answer]));
    await new Promise<void>((done) =>
      client.ask("second", {}, (answer) => {
        answers.push(["second", answer]);
        done();
      }),
    );
    const [line] = [...server.clients];
    line!.send("2");
    line!.ping("are you there");
    const [pong] = await once(line!, "pong");
    expect(String(pong)).to.equal("are you there");
    line!.send('42["room:message",{"n":1}]');
    line!.send('42["room:message",{"n":1}]', { compress: false });
    line!.send('42["room:mess', { fin: false });
    line!.send('age",{"n":"二"}]', { fin: true });
    await ears.until(() => ears.events.length === 3);
    expect(ears.events).to.deep.equal([
      ["room:message", { n: 1 }],
      ["room:message", { n: 1 }],
      ["room:message", { n: "二" }],
    ]);
    expect(answers).to.deep.equal([
      ["second", { ok: true, data: { n: 1 } }],
      ["first", { ok: false, error: { code: "gone" } }],
    ]);
    expect(client.heartbeats).to.equal(1);
    expect(messages).to.include("3");
    client.close();
    await once(line!, "close");
    expect(ears.lost, "it was us").to.deep.equal([]);
  });

  it("[M10] a line that ends is told, and nobody waits for its replies", async () => {
    const { url, server } = await serve(greet);
    const ears = listener();
    const client = await connect(url, ears);
    const reply = new Promise<Answer>((done) => client.ask("never", {}, done));
    [...server.clients][0]!.close();
    expect(await reply).to.deep.equal({ ok: false, error: { code: "closed" } });
    await ears.until(() => ears.lost.length > 0);
    expect(ears.lost).to.deep.equal(["closed"]);
    expect(client.isOpen).to.equal(false);
  });

  it("[M10] a silent server is a reply `timeout`, then a lost line", async () => {
    const { url } = await serve(greet);
    const ears = listener();
    const client = await connect(url, ears);
    const reply = new Promise<Answer>((done) => client.ask("never", {}, done));
    client.sweep(performance.now() + 11_000);
    expect(await reply).to.deep.equal({ ok: false, error: { code: "timeout" } });
    client.sweep(performance.now() + 31_000);
    await ears.until(() => ears.lost.length > 0);
    expect(ears.lost).to.deep.equal(["no heartbeat"]);
  });

  it("[M10] a connection comes from the address that it is given", async function () {
    // Elsewhere 127.0.0.1 alone is this machine's.
    if (process.platform !== "linux") this.skip();
    const from: (string | undefined)[] = [];
    const { url, server } = await serve(greet);
    server.on("connection", (_line, request) => void from.push(request.socket.remoteAddress));
    const ears = { event: () => {}, lost: () => {} };
    for (const number of [0, 2 * PER_ADDRESS])
      await Client.connect({ url, from: sourceOf(url, number), auth: {} }, ears);
    expect(from).to.deep.equal(["127.0.0.1", "127.0.0.3"]);
  });

  it("[M10] a refusal carries the server's code", async () => {
    const { url } = await serve((line) => {
      line.send('0{"sid":"x","pingInterval":13000,"pingTimeout":7000}');
      line.on("message", () => line.send('44{"message":"no","data":{"code":"unauthorized"}}'));
    });
    const code = async (target: URL): Promise<string> => {
      try {
        await connect(target, listener());
        return "none";
      } catch (error) {
        return (error as LineError).code;
      }
    };
    expect(await code(url)).to.equal("unauthorized");
    const http: TcpServer = createServer((socket) => {
      socket.on("error", () => {});
      socket.resume();
      socket.end("HTTP/1.1 503 Busy\r\nConnection: close\r\n\r\n");
    });
    http.listen(0, "127.0.0.1");
    await once(http, "listening");
    const { port } = http.address() as AddressInfo;
    expect(await code(socketUrl(new URL(`http://127.0.0.1:${port}`)))).to.equal("refused_503");
    http.close();
    await once(http, "close");
    expect(await code(socketUrl(new URL(`http://127.0.0.1:${port}`)))).to.equal("ECONNREFUSED");
  });

  it("[M4] [M10] a puzzle that comes with a reply is counted by its name", async () => {
    const { url } = await serve((line) => {
      greet(line);
      line.on("message", (data: Buffer) => {
        const id = /^42(\d+)/.exec(data.toString())?.[1];
        const error = { code: "confirmation_needed", puzzle: { signature: "00" } };
        if (id !== undefined) line.send(`43${id}${JSON.stringify([{ ok: false, error }])}`);
      });
    });
    const client = await connect(url, listener());
    const answer = await new Promise<Answer>((done) => client.ask("bottle:throw", {}, done));
    expect(answer.ok ? "ok" : answer.error.code).to.equal("puzzle_required");
    client.close();
  });

  it("[M10] beyond 28 000 connections another address of this machine is used; others are no target", () => {
    const local = new URL("http://127.0.0.1:3000");
    expect(sourceOf(local, 0)).to.equal(undefined);
    expect(sourceOf(local, PER_ADDRESS - 1)).to.equal(undefined);
    expect(sourceOf(local, PER_ADDRESS)).to.equal("127.0.0.2");
    expect(sourceOf(local, 3 * PER_ADDRESS)).to.equal("127.0.0.4");
    expect(sourceOf(new URL("https://sea.example"), 3 * PER_ADDRESS)).to.equal(undefined);
    const isIt = ["http://127.0.0.1", "http://127.9.9.9:1", "http://localhost:1", "http://[::1]:1"];
    for (const url of isIt) expect(isLoopback(new URL(url)), url).to.equal(true);
    const isNot = ["http://10.0.0.1", "https://sea.example", "http://127.0.0.1.evil.example"];
    for (const url of isNot) expect(isLoopback(new URL(url)), url).to.equal(false);
  });
});
