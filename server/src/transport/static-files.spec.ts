import { createHash } from "node:crypto";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { brotliCompressSync, gzipSync } from "node:zlib";
import { expect } from "chai";
import { loadStatic, type StaticFiles } from "./static-files.ts";
import type { HttpResponse } from "./transport.ts";

const SCRIPT = `console.log(${JSON.stringify("drift ".repeat(100))})`;
const STYLED = "<!doctype html><style>b { color: red }</style><b>read me</b>";

describe("static files", () => {
  let folder = "";
  let files: StaticFiles;

  before(() => {
    folder = mkdtempSync(join(tmpdir(), "driftsea-static-"));
    const dist = join(folder, "dist");
    mkdirSync(join(dist, "assets"), { recursive: true });
    writeFileSync(join(folder, "secret.txt"), "not for you");
    writeFileSync(join(dist, "index.html"), "<!doctype html><title>sea</title>");
    writeFileSync(join(dist, "lone.gz"), "no file beside it");
    writeFileSync(join(dist, "docs.html"), STYLED);
    writeFileSync(join(dist, "docs.html.br"), brotliCompressSync(STYLED));
    writeFileSync(join(dist, "assets", "app-1a2b3c.js"), SCRIPT);
    writeFileSync(join(dist, "assets", "app-1a2b3c.js.br"), brotliCompressSync(SCRIPT));
    writeFileSync(join(dist, "assets", "app-1a2b3c.js.gz"), gzipSync(SCRIPT));
    files = loadStatic(dist);
  });

  after(() => rmSync(folder, { recursive: true }));

  function get(path: string, headers: Record<string, string> = {}): HttpResponse | null {
    return files.respond({ method: "GET", path, header: (name) => headers[name] });
  }
  const script = (accept?: string): HttpResponse =>
    get("/assets/app-1a2b3c.js", accept === undefined ? {} : { "accept-encoding": accept })!;
  const encodingFor = (accept?: string): string =>
    script(accept).headers["content-encoding"] ?? "identity";

  it("gives the page at / with its type and charset, to be asked for anew each time", () => {
    const page = get("/")!;
    expect(page.status).to.equal(200);
    expect(page.headers["content-type"]).to.equal("text/html; charset=utf-8");
    expect(page.headers["cache-control"]).to.equal("no-cache");
    expect(page.body!.toString()).to.include("<title>sea</title>");
    expect(get("/index.html")!.headers["etag"]).to.equal(page.headers["etag"]);
  });

  it("finds a page without its ending, with a policy of its own where it carries its styles", () => {
    for (const accept of ["br", "identity"]) {
      const page = get("/docs", { "accept-encoding": accept })!;
      expect(page).to.deep.equal(get("/docs.html", { "accept-encoding": accept }));
      expect(page.headers["content-type"]).to.equal("text/html; charset=utf-8");
      const hash = createHash("sha256").update("b { color: red }").digest("base64");
      expect(page.headers["content-security-policy"]).to.include(`style-src 'sha256-${hash}';`);
    }
    expect(get("/")!.headers).to.not.have.property("content-security-policy");
    expect(get("/index")).to.equal(null);
  });

  it("lets hashed files be kept for ever", () => {
    expect(script().headers["cache-control"]).to.equal("public, max-age=31536000, immutable");
    expect(script().headers["content-type"]).to.equal("text/javascript; charset=utf-8");
  });

  it("chooses the encoding by weight, brotli among equals, never one with weight 0", () => {
    expect(encodingFor()).to.equal("identity");
    expect(encodingFor("")).to.equal("identity");
    expect(encodingFor("gzip, deflate, br")).to.equal("br");
    expect(encodingFor("gzip, deflate")).to.equal("gzip");
    expect(encodingFor("br;q=0, gzip")).to.equal("gzip");
    expect(encodingFor("br;q=0.5, gzip;q=0.8")).to.equal("gzip");
    expect(encodingFor("BR ; q=1.0")).to.equal("br");
    expect(encodingFor("*")).to.equal("br");
    expect(encodingFor("*, br;q=0")).to.equal("gzip");
    expect(encodingFor("br;q=0, gzip;q=0")).to.equal("identity");
    expect(encodingFor("identity, br;q=0.1")).to.equal("identity");
    expect(encodingFor("br;q=nonsense")).to.equal("identity");
    expect(script("br").headers["vary"]).to.equal("accept-encoding");
    expect(script("br").body).to.deep.equal(brotliCompressSync(SCRIPT));
  });

  it("answers 304 to the tag of the same encoding only", () => {
    const tags = ["br", "gzip", ""].map((accept) => script(accept).headers["etag"]!);
    expect(new Set(tags).size).to.equal(3);
    const again = (tag: string, accept: string): HttpResponse =>
      get("/assets/app-1a2b3c.js", { "if-none-match": tag, "accept-encoding": accept })!;
    expect(again(tags[0]!, "br").status).to.equal(304);
    expect(again(tags[0]!, "br").body).to.equal(undefined);
    expect(again(tags[0]!, "br").headers["etag"]).to.equal(tags[0]);
    expect(again(`"x", W/${tags[0]!}`, "br").status).to.equal(304);
    expect(again("*", "br").status).to.equal(304);
    expect(again(tags[0]!, "gzip").status).to.equal(200);
    expect(again('"x"', "br").status).to.equal(200);
  });

  it("knows a compressed file only as a variant", () => {
    expect(get("/assets/app-1a2b3c.js.br")).to.equal(null);
    expect(get("/lone.gz")!.headers["content-type"]).to.equal("application/octet-stream");
  });

  for (const path of [
    "/../secret.txt",
    "/assets/../../secret.txt",
    "/%2e%2e/secret.txt",
    "/..%2fsecret.txt",
    "/..\\secret.txt",
    "//secret.txt",
    "/assets",
    "/assets/",
    "/__proto__",
    "/constructor",
    "",
    "secret.txt",
    "/index.html\0",
  ]) {
    it(`finds nothing at ${JSON.stringify(path)}`, () => {
      expect(get(path)).to.equal(null);
    });
  }

  it("says so where the client has not been built", () => {
    const none = loadStatic(join(folder, "nowhere"));
    const respond = (path: string): HttpResponse | null =>
      none.respond({ method: "GET", path, header: () => undefined });
    expect(respond("/")!.status).to.equal(503);
    expect(respond("/")!.body).to.include("has not been built");
    expect(respond("/index.html")).to.equal(null);
  });
});
