import { expect } from "chai";
import { WebSocket } from "ws";
import { startServer } from "./harness/server.ts";
import type { TestServer } from "./harness/server.ts";
import { Visitor } from "./harness/visitor.ts";

/** What the upgrade is answered with: `open`, or a status. */
async function knock(url: string, headers: Record<string, string>): Promise<string> {
  const socket = new WebSocket(
    `${url.replace("http", "ws")}/socket.io/?EIO=4&transport=websocket`,
    { headers },
  );
  const answer = await new Promise<string>((resolve) => {
    socket.once("open", () => resolve("open"));
    socket.once("unexpected-response", (_request, { statusCode }) => resolve(`${statusCode}`));
    socket.once("error", (error) => resolve(error.message));
  });
  socket.on("error", () => {});
  socket.terminate();
  return answer;
}

for (const transport of ["uws", "node"] as const) {
  describe(`foreign pages on ${transport}`, () => {
    let server: TestServer | null = null;
    const start = async (settings: Record<string, string> = {}): Promise<TestServer> =>
      (server = await startServer({ TRANSPORT: transport, ...settings }));
    afterEach(async () => {
      await server?.close();
      server = null;
    });

    it("an Origin that is not the page's own host is refused, in every shape", async () => {
      const { url, port } = await start();
      const own = `127.0.0.1:${port}`;
      for (const origin of [
        "https://evil.example",
        `http://evil.example:${port}`,
        `http://${own}.evil.example`,
        `http://${own}@evil.example`,
        `http://evil.example@${own}`,
        `http://evil.example#${own}`,
        `http://evil.example/${own}`,
        "http://127.0.0.1",
        `http://127.0.0.1:${port + 1}`,
        `http://localhost:${port}`,
        `http://${own}/page`,
        `http://${own}, http://evil.example`,
        `ftp://${own}`,
        `//${own}`,
        own,
        "null",
        "file://",
        "chrome-extension://abcdefghijklmnop",
      ])
        expect(await knock(url, { origin }), origin).to.equal("403");
      for (const origin of [`http://${own}`, `https://${own}`])
        expect(await knock(url, { origin }), origin).to.equal("open");
      expect(await knock(url, {}), "a program").to.equal("open");
    });

    it("of a list of origins, none but those on it", async () => {
      const { url, port } = await start({
        ALLOWED_ORIGINS: "https://sea.example,https://other.example:8443",
      });
      for (const origin of [
        "http://sea.example",
        "https://sea.example:444",
        "https://sea.example.evil.example",
        "https://evil-sea.example",
        "https://www.sea.example",
        "https://sea.example/",
        "https://other.example",
        `http://127.0.0.1:${port}`,
        "https://sea.example,https://other.example:8443",
        "null",
        "*",
        "https://",
      ])
        expect(await knock(url, { origin }), origin).to.equal("403");
      for (const origin of ["https://sea.example", "https://other.example:8443"])
        expect(await knock(url, { origin }), origin).to.equal("open");
    });

    it("a cookie is nobody: none is set, and none makes anybody known", async () => {
      const { url } = await start();
      const ann = await Visitor.come(url);
      const cookie = `token=${ann.token}; io=${ann.token}; driftsea=${ann.token}`;
      const bo = await Visitor.come(url, {}, { cookie, authorization: `Bearer ${ann.token}` });
      expect(bo.token).to.not.equal(ann.token);
      expect(bo.ready).to.have.property("token");
      for (const path of ["/", "/healthz", "/metrics", "/nothing"]) {
        const { headers } = await fetch(url + path, { headers: { cookie } });
        expect(headers.get("set-cookie"), path).to.equal(null);
        expect(headers.get("access-control-allow-origin"), path).to.equal(null);
      }
    });
  });
}
