import { once } from "node:events";
import { createServer } from "node:http";
import type { IncomingHttpHeaders, Server } from "node:http";
import type { AddressInfo } from "node:net";

interface Push {
  path: string;
  headers: IncomingHttpHeaders;
  body: string;
}

/** What the maker of a browser runs: it takes everything, and forgets `/gone`. */
export class FakePushService {
  readonly pushes: Push[] = [];
  readonly #server: Server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on("data", (chunk: Buffer) => chunks.push(chunk));
    request.on("end", () => {
      const path = request.url!;
      this.pushes.push({ path, headers: request.headers, body: Buffer.concat(chunks).toString() });
      response.statusCode = path.startsWith("/gone") ? 410 : 201;
      response.end();
      this.#server.emit("pushed");
    });
  });
  origin = "";

  async open(): Promise<void> {
    this.#server.listen(0, "127.0.0.1");
    await once(this.#server, "listening");
    this.origin = `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  async until(count: number): Promise<void> {
    while (this.pushes.length < count)
      await once(this.#server, "pushed", { signal: AbortSignal.timeout(10_000) });
  }

  async close(): Promise<void> {
    this.#server.closeAllConnections();
    this.#server.close();
    await once(this.#server, "close");
  }
}
