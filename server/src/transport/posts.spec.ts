import { expect } from "chai";
import type { PostRequest } from "./transport.ts";
import {
  collect,
  eventually,
  exchange,
  KINDS,
  openTest,
  upgradeRequest,
  type TestTransport,
} from "./transport.harness.ts";

const MAX_BYTES = 16 * 1024;
const WITHIN_MS = 400;

const post = (path: string, body: string, more = ""): string =>
  `POST ${path} HTTP/1.1\r\nhost: sea.example\r\ncontent-length: ${body.length}\r\n${more}connection: close\r\n\r\n${body}`;

for (const kind of KINDS) {
  describe(`bodies of POST on ${kind}`, () => {
    let t: TestTransport;
    const handled: PostRequest[] = [];

    before(async () => {
      t = await openTest(kind, {
        posts: {
          below: "/desk/api/",
          maxBytes: MAX_BYTES,
          withinMs: WITHIN_MS,
          handle: async (request) => {
            handled.push(request);
            if (request.path.endsWith("/throws")) throw new Error("the secret of the house");
            return { status: 200, headers: { connection: "close" }, body: "taken" };
          },
        },
      });
    });
    beforeEach(() => handled.splice(0));
    after(() => t.close());

    it("[M2] hands over a whole body, its headers and the address of the other end", async () => {
      const body = "x".repeat(MAX_BYTES);
      expect(await exchange(t, post("/desk/api/queue", body, "x-a: 1\r\n"))).to.include("taken");
      const [request] = handled;
      expect(request!.body.toString()).to.equal(body);
      expect([request!.path, request!.header("x-a"), request!.address]).to.deep.equal([
        "/desk/api/queue",
        "1",
        "127.0.0.1",
      ]);
    });

    it("[M2] hands over a body that comes in pieces, and one of no bytes", async () => {
      const socket = await t.net();
      const received = collect(socket);
      socket.write("POST /desk/api/a HTTP/1.1\r\nhost: x\r\ncontent-length: 6\r\n\r\nab");
      await new Promise((resolve) => setTimeout(resolve, 30));
      socket.write("cd");
      await new Promise((resolve) => setTimeout(resolve, 30));
      socket.write("ef");
      await eventually(() => received().includes("taken"), "answer");
      expect(handled[0]!.body.toString()).to.equal("abcdef");
      expect(await exchange(t, post("/desk/api/a", ""))).to.include("taken");
      expect(handled[1]!.body).to.have.length(0);
    });

    it("[M2] takes a chunked body, and counts it as well", async () => {
      const head = "POST /desk/api/a HTTP/1.1\r\nhost: x\r\ntransfer-encoding: chunked\r\n\r\n";
      expect(await exchange(t, `${head}3\r\nabc\r\n0\r\n\r\n`)).to.include("taken");
      expect(handled[0]!.body.toString()).to.equal("abc");
      const chunk = `4000\r\n${"x".repeat(0x4000)}\r\n`;
      expect(await exchange(t, `${head}${chunk}1\r\nx\r\n0\r\n\r\n`)).to.match(/^HTTP\/1\.1 413 /);
      expect(handled).to.have.length(1);
    });

    it("[M2] refuses one byte too many with 413, and closes", async () => {
      const answer = await exchange(t, post("/desk/api/a", "x".repeat(MAX_BYTES + 1)));
      expect(answer).to.match(/^HTTP\/1\.1 413 /);
      expect(answer).to.include("content-security-policy: default-src 'none'");
      expect(handled).to.have.length(0);
    });

    it("[M2] cuts a body that trickles in: 408, whatever still comes", async () => {
      const socket = await t.net();
      const received = collect(socket);
      let isClosed = false;
      socket.once("close", () => (isClosed = true));
      socket.write("POST /desk/api/a HTTP/1.1\r\nhost: x\r\ncontent-length: 1000\r\n\r\n");
      const begun = performance.now();
      const drip = setInterval(() => socket.write("x"), 20);
      await eventually(() => isClosed, "end of the connection");
      clearInterval(drip);
      expect(received()).to.match(/^HTTP\/1\.1 408 /);
      expect(performance.now() - begun).to.be.within(WITHIN_MS - 50, WITHIN_MS + 3000);
      expect(handled).to.have.length(0);
    });

    it("[M2] survives those who leave in the middle of a body", async () => {
      for (let i = 0; i < 50; i += 1) {
        const socket = await t.net();
        socket.write("POST /desk/api/a HTTP/1.1\r\nhost: x\r\ncontent-length: 1000\r\n\r\nab");
        if (i % 2 === 0) socket.destroy();
        else socket.resetAndDestroy();
      }
      await new Promise((resolve) => setTimeout(resolve, WITHIN_MS + 100));
      expect(await exchange(t, post("/desk/api/a", "x"))).to.include("taken");
      expect(handled).to.have.length(1);
    });

    it("[M9] what comes behind one in the same packet finds no connection that its answer has closed", async () => {
      // So much before it that what is answered goes out at once.
      const before = "GET /x HTTP/1.1\r\nhost: x\r\n\r\n".repeat(60);
      for (const first of [post("/desk/api/a", ""), post("/desk/api/a", "x".repeat(20_000))]) {
        for (const lead of ["", before]) {
          const socket = await t.net();
          socket.write(lead + first + upgradeRequest());
          const received = collect(socket);
          const isOver = (): boolean => received().includes("HTTP/1.1") || socket.destroyed;
          await eventually(isOver, "an answer, or the end");
          await new Promise((resolve) => setTimeout(resolve, 50));
          socket.destroy();
        }
      }
      // What is not told of its end is held for ever.
      await eventually(() => t.counts.released === t.counts.admitted, "all to be given back");
      expect(t.io.engine.clientsCount).to.equal(0);
      expect(await exchange(t, post("/desk/api/a", "x"))).to.include("taken");
    });

    it("answers 500 without any detail where the handler fails", async () => {
      const answer = await exchange(t, post("/desk/api/throws", "x"));
      expect(answer).to.match(/^HTTP\/1\.1 500 /);
      expect(answer).not.to.include("secret");
    });

    for (const [line, allow] of [
      ["POST /desk", "GET, HEAD"],
      ["POST /desk/apis/queue", "GET, HEAD"],
      ["POST /", "GET, HEAD"],
      ["GET /desk/api/queue", "POST"],
      ["HEAD /desk/api/queue", "POST"],
      ["PUT /desk/api/queue", "POST"],
      ["OPTIONS /desk/api/queue", "POST"],
    ]) {
      it(`[M2] ${line} is 405`, async () => {
        const answer = await exchange(
          t,
          `${line} HTTP/1.1\r\nhost: x\r\ncontent-length: 1\r\nconnection: close\r\n\r\nx`,
        );
        expect(answer).to.match(/^HTTP\/1\.1 405 /);
        expect(answer).to.include(`allow: ${allow}\r\n`);
        expect(handled).to.have.length(0);
      });
    }
  });
}
