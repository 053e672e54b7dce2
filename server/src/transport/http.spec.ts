import { request as httpRequest, type IncomingHttpHeaders } from "node:http";
import { setTimeout as pause } from "node:timers/promises";
import { expect } from "chai";
import type { HttpRequest, HttpResponse } from "./transport.ts";
import {
  collect,
  eventually,
  exchange,
  KINDS,
  openTest,
  upgradeRequest,
  within,
  type TestTransport,
} from "./transport.harness.ts";

interface Answer {
  status: number;
  headers: IncomingHttpHeaders;
  body: string;
}

function fetchRaw(
  t: TestTransport,
  path: string,
  options: { method?: string; headers?: Record<string, string>; body?: string } = {},
): Promise<Answer> {
  const { method = "GET", headers = {}, body } = options;
  const answered = new Promise<Answer>((resolve, reject) => {
    const req = httpRequest(
      { port: t.port, host: "127.0.0.1", path, method, headers, agent: false },
      (res) => {
        let text = "";
        res.on("data", (chunk: Buffer) => (text += chunk.toString()));
        res.on("end", () => resolve({ status: res.statusCode!, headers: res.headers, body: text }));
      },
    );
    req.on("error", reject);
    req.end(body);
  });
  return within(answered, `answer to ${method} ${path}`);
}

/** More than the system takes at once; what 5000 ask for of these is 320 MB. */
const LONG = `${"x".repeat(24 * 2 ** 20)}end.`;
const PAGE = "x".repeat(2 ** 16);

const respond = (body: string): HttpResponse => ({
  status: 200,
  headers: { "content-type": "text/plain" },
  body,
});

async function handle(request: HttpRequest): Promise<HttpResponse> {
  await Promise.resolve();
  const { method, path, header } = request;
  switch (path) {
    case "/told":
      return respond(JSON.stringify([method, path, header("x-a"), header("x-b"), header("host")]));
    case "/bytes":
      return { status: 200, headers: {}, body: new TextEncoder().encode("漂流瓶") };
    case "/unchanged":
      return { status: 304, headers: { etag: '"x"' } };
    case "/rejects":
      throw new Error("the secret of the house");
    case "/own-policy":
      return { status: 200, headers: { "content-security-policy": "default-src 'self'" } };
    default:
      return { status: 404, headers: {}, body: "nothing" };
  }
}

for (const kind of KINDS) {
  describe(`plain HTTP on ${kind}`, () => {
    let t: TestTransport;

    before(async () => {
      t = await openTest(kind, {
        handle: (request) => {
          if (request.path === "/throws") throw new Error("the secret of the house");
          if (request.path === "/long") return respond(LONG);
          if (request.path === "/page") return respond(PAGE);
          return request.path === "/at-once" ? respond("now") : handle(request);
        },
      });
    });
    after(() => t.close());

    it("[M9] who reads slowly gets all of a long answer", async () => {
      const socket = await t.net();
      socket.pause();
      socket.write(`GET /long HTTP/1.1\r\nhost: x\r\n\r\n`);
      await pause(300);
      let length = 0;
      let last = "";
      socket.on("data", (chunk: Buffer) => {
        length += chunk.length;
        last = chunk.toString("latin1");
      });
      socket.resume();
      await eventually(() => last.endsWith("end."), "the end of it");
      expect(length).to.be.within(LONG.length, LONG.length + 1000);
      socket.write(`GET /at-once HTTP/1.1\r\nhost: x\r\n\r\n`);
      await eventually(() => last.endsWith("now"), "the next answer on the same line");
    });

    it("[M9] who asks on and on and reads nothing is not kept waiting in memory", async () => {
      const before = process.memoryUsage.rss();
      const socket = await t.net();
      socket.pause();
      const once = `GET /page HTTP/1.1\r\nhost: x\r\n\r\n`;
      socket.write(once.repeat(5000));
      for (let i = 0; i < 10; i += 1) {
        await pause(100);
        if (socket.writable) socket.write(once);
        expect(process.memoryUsage.rss() - before).to.be.below(100 * 2 ** 20);
      }
      expect(await fetchRaw(t, "/at-once")).to.include({ status: 200, body: "now" });
      socket.destroy();
    });

    it("[M9] what asks for a WebSocket and to close at once gets none, and harms nothing", async () => {
      const page = "GET /page HTTP/1.1\r\nhost: x\r\n\r\n";
      const asking = (connection: string): string => upgradeRequest(undefined, { connection });
      for (const [connection, isRefused] of [
        ["close", true],
        ["keep-alive", true],
        ["upgraded", true],
        // Several lines are one list, and what counts of such a list is not said.
        ["close\r\nconnection: upgrade", false],
        ["upgrade\r\nconnection: close", false],
      ] as const) {
        for (const pages of [0, 1, 2]) {
          const socket = await t.net();
          const received = collect(socket);
          socket.write(page.repeat(pages) + asking(connection));
          const answers = (): number => received().split("HTTP/1.1 ").length - 1;
          const isOver = (): boolean => answers() > pages || socket.destroyed;
          await eventually(isOver, `the answer to ${connection} behind ${pages} pages`);
          if (isRefused) expect(received()).not.to.include("HTTP/1.1 101 ");
          socket.destroy();
        }
      }
      // What is not told of its end is held for ever.
      await eventually(() => t.counts.released === t.counts.admitted, "all to be given back");
      expect(t.io.engine.clientsCount).to.equal(0);
      expect((await fetchRaw(t, "/at-once")).body).to.equal("now");
    });

    it("[M9] hands over method, path and headers, and gives back what was answered", async () => {
      const headers = { host: "drift.example", "X-A": "1" };
      const { status, body } = await fetchRaw(t, "/told?q=1", { headers });
      expect(status).to.equal(200);
      expect(JSON.parse(body)).to.deep.equal(["GET", "/told", "1", null, "drift.example"]);
      expect((await fetchRaw(t, "/at-once")).body).to.equal("now");
      expect((await fetchRaw(t, "/bytes")).body).to.equal("漂流瓶");
    });

    it("[M9] keeps every line of a header that is sent twice", async () => {
      const request =
        "GET /told HTTP/1.1\r\nhost: a\r\nx-a: 1\r\nx-a: 2\r\nconnection: close\r\n\r\n";
      const socket = await t.net();
      const answered = new Promise<Buffer>((resolve) => socket.once("data", resolve));
      socket.write(request);
      expect((await within(answered, "answer")).toString()).to.include('"1, 2"');
      socket.destroy();
    });

    it("answers HEAD with the length and without the body", async () => {
      const { status, headers, body } = await fetchRaw(t, "/bytes", { method: "HEAD" });
      expect([status, headers["content-length"], body]).to.deep.equal([200, "9", ""]);
    });

    it("answers HEAD at once too, and goes on with the connection", async () => {
      const socket = await t.net();
      const received = collect(socket);
      const head = "HEAD /at-once HTTP/1.1\r\nhost: x\r\n\r\n";
      for (let answers = 1; answers <= 3; answers += 1) {
        socket.write(head);
        await eventually(
          () => received().split("HTTP/1.1 200 ").length === answers + 1,
          `answer ${answers}`,
        );
      }
      expect(received().match(/content-length: 3\r\n/gi)).to.have.length(3);
      expect(received()).not.to.include("now");
      socket.destroy();
    });

    it("sends no body and no length with 304", async () => {
      const { status, headers, body } = await fetchRaw(t, "/unchanged");
      expect([status, headers.etag, body]).to.deep.equal([304, '"x"', ""]);
      expect(headers["content-length"]).to.equal(undefined);
    });

    for (const method of ["POST", "PUT", "DELETE", "PATCH", "OPTIONS", "TRACE"]) {
      it(`answers ${method} with 405 and ignores its body`, async () => {
        const body = "x".repeat(100_000);
        const sent =
          method === "TRACE" ? {} : { body, headers: { "content-length": String(body.length) } };
        const { status, headers } = await fetchRaw(t, "/told", { method, ...sent });
        expect(status).to.equal(405);
        expect(headers.allow).to.equal("GET, HEAD");
      });
    }

    for (const path of ["/throws", "/rejects"]) {
      it(`answers 500 without any detail where the handler fails: ${path}`, async () => {
        const before = t.logged.length;
        const { status, headers, body } = await fetchRaw(t, path);
        expect(status).to.equal(500);
        expect(body).to.equal("Internal Server Error\n");
        expect(t.logged.length).to.equal(before + 1);
        expect(t.logged[before]).to.include(String(headers["x-correlation-id"]));
        expect(t.logged[before]).to.include("the secret of the house");
      });
    }

    for (const [path, method] of [
      ["/told", "GET"],
      ["/nowhere", "GET"],
      ["/unchanged", "GET"],
      ["/throws", "GET"],
      ["/told", "POST"],
      ["/socket.io/?EIO=4&transport=websocket", "GET"],
    ] as const) {
      it(`[M11] sends the security headers with ${method} ${path}`, async () => {
        const { headers } = await fetchRaw(t, path, { method, headers: { host: "drift.example" } });
        expect(headers["content-security-policy"]).to.include("default-src 'none'");
        expect(headers["content-security-policy"]).to.include("wss://drift.example");
        expect(headers["content-security-policy"]).to.include("frame-ancestors 'none'");
        expect(headers["x-content-type-options"]).to.equal("nosniff");
        expect(headers["referrer-policy"]).to.equal("no-referrer");
        expect(headers["cross-origin-opener-policy"]).to.equal("same-origin");
      });
    }

    it("[M11] lets a page have a policy of its own", async () => {
      const { headers } = await fetchRaw(t, "/own-policy");
      expect(headers["content-security-policy"]).to.equal("default-src 'self'");
    });

    it("treats a plain request on the socket's path like any other", async () => {
      const { status, body } = await fetchRaw(t, "/socket.io/?EIO=4");
      expect([status, body]).to.deep.equal([404, "nothing"]);
    });

    it("survives clients that leave before the answer is there", async () => {
      for (let i = 0; i < 200; i += 1) {
        const socket = await t.net();
        socket.write("GET /told HTTP/1.1\r\nhost: x\r\n\r\n");
        if (i % 2 === 0) socket.destroy();
        else socket.resetAndDestroy();
      }
      expect((await fetchRaw(t, "/at-once")).body).to.equal("now");
    });
  });
}

describe("plain HTTP on node", () => {
  it("[M11] sends the security headers with an answer to what is not HTTP", async () => {
    const t = await openTest("node");
    const answer = await exchange(t, "SPEAK FRIEND\r\n\r\n");
    expect(answer).to.match(/^HTTP\/1\.1 400 /);
    expect(answer).to.include("content-security-policy: default-src 'none'");
    await t.close();
  });
});
