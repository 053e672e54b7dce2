import { randomBytes } from "node:crypto";
import { once } from "node:events";
import { Agent, get } from "node:https";
import { text } from "node:stream/consumers";
import { connect } from "node:tls";
import { fileURLToPath } from "node:url";
import { expect } from "chai";
import { WebSocket } from "ws";
import { isThere, startProxy } from "./harness/proxies.ts";
import type { Proxy } from "./harness/proxies.ts";
import { startServer } from "./harness/server.ts";
import type { Settings, TestServer } from "./harness/server.ts";
import { Visitor, pause, writeId } from "./harness/visitor.ts";

const CLIENT = fileURLToPath(new URL("../../client/dist", import.meta.url));
/** By then a proxy that asks for the server's health has done so three times, in ms. */
const CHECKED_MS = { nginx: 0, haproxy: 1500 };

for (const name of ["nginx", "haproxy"] as const) {
  describe(`behind ${name}`, function () {
    this.timeout(90_000);
    let server: TestServer;
    let proxy: Proxy | null = null;
    const sockets: WebSocket[] = [];

    before(function () {
      if (isThere(name)) return;
      if (process.env["DRIFTSEA_REQUIRE_ALL"])
        throw new Error(`${name} and openssl are required here`);
      this.skip();
    });
    const open = async (settings: Settings): Promise<void> => {
      server = await startServer({ RATE_LIMITS: "off", ...settings }, () => {}, CLIENT);
      try {
        proxy = await startProxy(name, server.port);
        // What it thinks of the server's health must not be that it is dead.
        await pause(CHECKED_MS[name]);
        expect((await page("/healthz")).status).to.equal(200);
      } catch (error) {
        await close();
        throw error;
      }
    };
    const close = async (): Promise<void> => {
      for (const socket of sockets.splice(0)) socket.terminate();
      await proxy?.stop();
      proxy = null;
      await server.close();
    };

    /** Over TLS, with the proxy's certificate checked. */
    const page = async (path: string) => {
      const agent = new Agent({ ca: proxy!.ca });
      const request = get(proxy!.url + path, { agent });
      const [response] = (await once(request, "response")) as [import("node:http").IncomingMessage];
      const body = await text(response);
      agent.destroy();
      return { status: response.statusCode, headers: response.headers, body };
    };

    /** A bare socket over TLS; answers with its first packet, or the status of a refusal. */
    const knock = async (
      localAddress = "127.0.0.1",
      headers: Record<string, string> = {},
    ): Promise<{ socket: WebSocket; said: string | number }> => {
      const address = `${proxy!.url.replace("https:", "wss:")}/socket.io/?EIO=4&transport=websocket`;
      const socket = new WebSocket(address, { ca: proxy!.ca, localAddress, headers });
      sockets.push(socket);
      const said = await new Promise<string | number>((resolve, reject) => {
        socket.once("message", (data: Buffer) => resolve(data.toString()));
        socket.once("unexpected-response", (_, { statusCode }) => resolve(statusCode!));
        socket.on("error", reject);
      });
      return { socket, said };
    };
    /** Says something, and waits for the packet that begins so. */
    const ask = async (socket: WebSocket, packet: string, answer: string): Promise<string> => {
      const heard = new Promise<string>((resolve) => {
        socket.on("message", (data: Buffer) => {
          if (data.toString().startsWith(answer)) resolve(data.toString());
        });
      });
      socket.send(packet);
      return heard;
    };

    describe("with TRUST_PROXY=on", () => {
      before(() => open({ TRUST_PROXY: "on" }));
      after(close);

      it("the page loads over TLS, and over nothing else", async () => {
        const { status, headers, body } = await page("/");
        expect(status).to.equal(200);
        expect(headers["strict-transport-security"]).to.include("max-age=");
        expect(headers["content-security-policy"]).to.include("default-src 'none'");
        const script = /src="([^"]+\.js)"/.exec(body)![1]!;
        expect((await page(script)).status).to.equal(200);
        const plain = await fetch(`${proxy!.plainUrl}/`, { redirect: "manual" });
        expect(plain.status).to.equal(301);
        expect(plain.headers.get("location")).to.match(/^https:\/\//);
      });

      it("a command over a WebSocket is answered, and the page's own Origin is known", async () => {
        const { socket, said } = await knock("127.0.0.1", { origin: proxy!.url });
        expect(said).to.match(/^0\{/);
        expect(await ask(socket, '40{"protocol":1}', '42["session:ready"')).to.include("token");
        expect(await ask(socket, '421["sea:list",{}]', "431")).to.include('"ok":true');
        const other = await knock("127.0.0.1", { origin: "https://elsewhere.example" });
        expect(other.said).to.equal(403);
      });

      it("metrics are not for those outside", async () => {
        expect((await fetch(`${server.url}/metrics`)).status).to.equal(200);
        for (const path of ["/metrics", "/metrics?x", "/%6detrics", "/./metrics", "//metrics"])
          expect((await page(path)).body, path).to.not.include("driftsea_");
      });

      it("who is slow to ask is cut off", async () => {
        const { hostname, port } = new URL(proxy!.url);
        const socket = connect({ host: hostname, port: Number(port), ca: proxy!.ca });
        await once(socket, "secureConnect");
        const since = Date.now();
        socket.write("GET / HTTP/1.1\r\nHost: sea.example\r\n");
        socket.resume();
        await once(socket, "close");
        expect(Date.now() - since).to.be.lessThan(6000);
      });

      it("who is slow to read is cut off", async () => {
        const ann = await Visitor.come(server.url);
        const { room } = await ann.ask("room:create", {
          id: writeId(),
          lifetime: { kind: "fixed", ms: 600_000 },
          access: "link",
          encrypted: true,
        });
        const { socket } = await knock();
        await ask(socket, '40{"protocol":1}', '42["session:ready"');
        const enter = JSON.stringify(["room:enter", { roomId: room.id }]);
        expect(await ask(socket, `421${enter}`, "431")).to.include('"ok":true');
        await ann.ask("room:enter", { roomId: room.id });
        const connections = async (): Promise<number> => {
          const metrics = await (await fetch(`${server.url}/metrics`)).text();
          return Number(/^driftsea_connections (\d+)$/m.exec(metrics)![1]);
        };
        const before = await connections();
        socket.pause();
        const sealed = randomBytes(4096).toString("base64url");
        const end = Date.now() + 40_000;
        while ((await connections()) === before && Date.now() < end) {
          const batch = Array.from({ length: 200 }, () =>
            ann.ask("room:send", { id: writeId(), roomId: room.id, sealed }),
          );
          await Promise.all(batch);
        }
        expect(await connections()).to.equal(before - 1);
        await ann.leave();
      });
    });

    it("[M7] an address is the proxy's word with TRUST_PROXY, and nobody else's", async () => {
      await open({ TRUST_PROXY: "on", RATE_LIMITS: "on", CONNECTIONS_PER_ADDRESS: 1 });
      try {
        expect((await knock()).said).to.match(/^0\{/);
        expect((await knock()).said).to.equal(429);
        const lie = { "x-forwarded-for": "192.0.2.7" };
        expect((await knock("127.0.0.1", lie)).said, "by his own word").to.equal(429);
        expect((await knock("127.0.0.2")).said, "somebody else").to.match(/^0\{/);
      } finally {
        await close();
      }
    });

    it("[M7] without TRUST_PROXY all who come through it are one", async () => {
      await open({ RATE_LIMITS: "on", CONNECTIONS_PER_ADDRESS: 1 });
      try {
        expect((await knock()).said).to.match(/^0\{/);
        expect((await knock("127.0.0.2")).said).to.equal(429);
      } finally {
        await close();
      }
    });
  });
}
