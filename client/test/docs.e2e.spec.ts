import { expect } from "chai";
import { brotliDecompressSync } from "node:zlib";
import { request } from "node:http";
import type { Browser } from "playwright-core";
import { faultsOf } from "./audit.ts";
import { SeaServer, openBrowser } from "./harness.ts";

/** Most bytes of the page, and of the document, as they are sent. */
const BUDGET = 24 * 1024;

interface Answer {
  status: number;
  headers: Record<string, string | string[] | undefined>;
  body: Buffer;
}

const get = async (url: string, path: string, encoding: string, accept = "*/*"): Promise<Answer> =>
  new Promise((resolve, reject) => {
    const headers = { "accept-encoding": encoding, accept };
    request(url + path, { headers, agent: false }, (answer) => {
      const parts: Buffer[] = [];
      answer.on("data", (part: Buffer) => parts.push(part));
      answer.on("end", () =>
        resolve({
          status: answer.statusCode!,
          headers: answer.headers,
          body: Buffer.concat(parts),
        }),
      );
    })
      .on("error", reject)
      .end();
  });

for (const transport of ["uws", "node"] as const) {
  describe(`the description as it is served [M9] (${transport})`, function () {
    this.timeout(120_000);
    const sea = new SeaServer({ TRANSPORT: transport });
    let browser: Browser | null = null;
    before(() => sea.start());
    after(async () => {
      await browser?.close();
      await sea.close();
    });

    for (const [path, type] of [
      ["/docs", "text/html; charset=utf-8"],
      ["/asyncapi.json", "application/json; charset=utf-8"],
    ] as const) {
      it(`${path} comes whole or compressed, small enough, and is asked for anew`, async () => {
        const plain = await get(sea.url, path, "identity");
        const small = await get(sea.url, path, "br");
        expect([plain.status, small.status]).to.deep.equal([200, 200]);
        expect(plain.headers["content-type"]).to.equal(type);
        expect(plain.headers["cache-control"]).to.equal("no-cache");
        expect(small.headers["content-encoding"]).to.equal("br");
        expect(small.body.length).to.be.lessThan(BUDGET);
        expect(brotliDecompressSync(small.body).equals(plain.body)).to.equal(true);
      });
    }

    it("[M11] the page's policy allows its own styles and script and nothing else", async () => {
      const { headers, body } = await get(sea.url, "/docs", "br");
      expect(headers["content-security-policy"]).to.match(
        /^default-src 'none'; style-src 'sha256-[\w+/=]{44}'; script-src 'sha256-[\w+/=]{44}'; form-action 'none'; frame-ancestors 'none'; base-uri 'none'; require-trusted-types-for 'script'$/,
      );
      expect(headers["x-content-type-options"]).to.equal("nosniff");
      expect(headers["referrer-policy"]).to.equal("no-referrer");
      expect(brotliDecompressSync(body).toString()).to.include("<code>bottle:throw</code>");
      // The sea itself keeps its own policy.
      const home = await get(sea.url, "/", "br");
      expect(home.headers["content-security-policy"]).to.include("script-src 'self'");
    });

    it("a wrong address is a page for people, in two words for programs, and kept by nobody", async () => {
      const person = await get(sea.url, "/no/such", "br", "text/html,*/*");
      expect(person.status).to.equal(404);
      expect(person.headers).to.include({
        "content-type": "text/html; charset=utf-8",
        "cache-control": "no-store",
      });
      expect(person.headers).to.not.have.property("etag");
      expect(brotliDecompressSync(person.body).toString()).to.include("这里什么也没有");
      const program = await get(sea.url, "/no/such", "br");
      expect([program.status, program.body.toString()]).to.deep.equal([404, "Not Found\n"]);
    });

    // What it looks like does not hang on the engine.
    for (const colorScheme of transport === "uws" ? (["light", "dark"] as const) : []) {
      it(`[M11] is read without JavaScript, on a phone of 320 px, ${colorScheme}`, async function () {
        browser ??= await openBrowser();
        if (!browser) return this.skip();
        const context = await browser.newContext({
          viewport: { width: 320, height: 640 },
          colorScheme,
          javaScriptEnabled: false,
        });
        const page = await context.newPage();
        const said: string[] = [];
        page.on("console", (message) => said.push(message.text()));
        const asked: string[] = [];
        page.on("request", (request) => asked.push(new URL(request.url()).pathname));
        await page.goto(`${sea.url}/docs`);
        await page.locator("summary").first().click();
        await page.getByRole("link", { name: "bottle:catch" }).first().click();
        expect(page.url()).to.match(/#bottle:catch$/);
        const entry = page.getByRole("article").filter({ has: page.getByText("bottle:catch") });
        expect(await entry.first().isVisible()).to.equal(true);
        // The other language by its tick, which needs no script.
        await page.getByLabel("中文").check();
        await page.getByRole("heading", { name: "怎么说话" }).waitFor();
        expect(await page.getByRole("heading", { name: "Speaking" }).count()).to.equal(0);
        expect(said).to.deep.equal([]);
        expect(asked.filter((path) => path !== "/favicon.ico")).to.deep.equal(["/docs"]);
        await context.close();

        // The audit is a script, so it looks in a browser that runs it.
        const audited = await browser.newContext({
          viewport: { width: 320, height: 640 },
          colorScheme,
          bypassCSP: true,
        });
        const copy = await audited.newPage();
        await copy.goto(`${sea.url}/docs`);
        const width = await copy.evaluate(() => document.documentElement.scrollWidth);
        expect(width).to.equal(320);
        // It is long to look through: each language in one light.
        await copy.getByLabel("中文").setChecked(colorScheme === "dark");
        expect(await faultsOf(copy, "nav a, summary, label")).to.deep.equal([]);
        await audited.close();
      });
    }

    if (transport === "uws")
      it("[M11] speaks the language that was chosen at the sea, else the browser's", async function () {
        browser ??= await openBrowser();
        if (!browser) return this.skip();
        for (const [locale, heading, other, kept] of [
          ["zh-CN", "命令", "Commands", "en"],
          ["en-GB", "Commands", "命令", "zh"],
        ] as const) {
          const context = await browser.newContext({ locale, serviceWorkers: "block" });
          const page = await context.newPage();
          const said: string[] = [];
          page.on("console", (message) => message.type() === "error" && said.push(message.text()));
          page.on("pageerror", (error) => said.push(String(error)));
          await page.goto(`${sea.url}/docs`);
          await page.getByRole("heading", { name: heading, exact: true }).waitFor();
          expect(await page.getByRole("heading", { name: other, exact: true }).count()).to.equal(0);
          const lang = await page.locator("html").getAttribute("lang");
          expect(lang).to.equal(locale === "zh-CN" ? "zh-Hans" : "en");
          await page.getByLabel("中文").click();
          await page.reload();
          await page.getByRole("heading", { name: other, exact: true }).waitFor();
          await page.goto(sea.url);
          const name = { en: "Throw", zh: "扔一只" }[kept];
          await page.getByRole("button", { name }).waitFor();
          expect(said).to.deep.equal([]);
          await context.close();
        }
      });
  });
}
