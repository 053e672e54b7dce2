import { expect } from "chai";
import type { BrowserContextOptions, Page } from "playwright-core";
import { needRedis } from "../../server/test/harness/redis.ts";
import { AT_ONCE_MS, Visitor, pause } from "../../server/test/harness/visitor.ts";
import { faultsOf, looks } from "./audit.ts";
import { SeaServer, afloat, arrived, inBrowser, setAdrift, tabTo, throwBottle } from "./harness.ts";
import { en } from "./texts.ts";

describe("the page", function () {
  this.timeout(90_000);
  let sea: SeaServer;
  const { people, visit } = inBrowser(() => sea.close());
  const come = async (options: BrowserContextOptions = {}): Promise<Page> => {
    const page = await visit(sea.url, { reducedMotion: "no-preference", ...options });
    await arrived(page);
    return page;
  };

  beforeEach(async () => {
    sea = new SeaServer({ CREATURE_PROBABILITY: 0 });
    await sea.start();
  });

  it("[M11] two visitors throw, catch, answer, and write to each other over a reload", async () => {
    const ann = await come();
    const bo = await come({ viewport: { width: 1280, height: 800 } });
    await setAdrift(ann, "Is anybody awake?");
    await bo.getByRole("button", { name: "Catch" }).click();
    await bo.getByText("Is anybody awake?").waitFor();
    await bo.getByText(/Yours for \d+ minutes/).waitFor();
    await bo.getByRole("textbox", { name: "Your answer" }).fill("Yes. The moon is up.");
    await bo.getByRole("button", { name: "Answer", exact: true }).click();
    await ann.getByText("Somebody answered your bottle.").waitFor();
    await ann.getByRole("button", { name: "Read it" }).click();
    const log = ann.getByRole("log");
    await log.getByText("Yes. The moon is up.").waitFor();
    await ann.getByRole("textbox", { name: "Your letter" }).pressSequentially("I see it too");
    await bo.getByText(/is writing…/).waitFor();
    await ann.getByRole("button", { name: "Send" }).click();
    await bo.getByRole("log").getByText("I see it too").waitFor();
    await bo.reload();
    await bo.getByRole("log").getByText("I see it too").waitFor();
    expect(await bo.getByRole("log").getByText("Yes. The moon is up.").count()).to.equal(1);
  });

  it("[M11] who reads further up is not moved; what comes while nobody looks is not read", async () => {
    const [ann, bo] = [await come(), await come()];
    await setAdrift(ann, "Is anybody awake?");
    await bo.getByRole("button", { name: "Catch" }).click();
    await bo.getByRole("textbox", { name: "Your answer" }).fill("Yes. The moon is up.");
    await bo.getByRole("button", { name: "Answer", exact: true }).click();
    await ann.getByRole("button", { name: "Read it" }).click();
    const say = async (text: string): Promise<void> => {
      await bo.getByRole("textbox", { name: "Your letter" }).fill(text);
      await bo.getByRole("button", { name: "Send" }).click();
      await ann.getByRole("log").getByText(text).waitFor();
    };
    const log = ann.getByRole("log");
    const height = (): Promise<number> => log.evaluate((e) => e.scrollTop);
    for (let i = 0; i < 3; i += 1) await say(`letter ${i} `.repeat(60));
    expect(await height(), "the newest is in sight").to.be.greaterThan(0);
    await log.evaluate((e) => (e.scrollTop = 0));
    await pause(300);
    const hide = (isHidden: boolean): Promise<void> =>
      ann.evaluate((value) => {
        Object.defineProperty(document, "hidden", { value, configurable: true });
        document.dispatchEvent(new Event("visibilitychange"));
      }, isHidden);
    await hide(true);
    await say("one more");
    await pause(300);
    expect(await height()).to.equal(0);
    expect(await ann.title()).to.equal("(1) Driftsea");
    await hide(false);
    await ann.waitForFunction(() => document.title === "Driftsea");
  });

  it("[M11] within 5 s a throw is taken back, nothing is sent, and the words stay", async () => {
    const ann = await come();
    await throwBottle(ann, "Rather not");
    await ann.getByRole("button", { name: "Take it back" }).click();
    expect(await ann.getByRole("textbox", { name: "Your words" }).inputValue()).to.equal(
      "Rather not",
    );
    await ann.keyboard.press("Escape");
    await ann.getByRole("button", { name: /^Throw 10 left/ }).waitFor();
    await ann.getByRole("button", { name: "My bottles" }).click();
    await ann.getByText("Nothing here yet").waitFor();
  });

  it("[M11] after a throw the focus is where it was before, although nothing can be thrown just now", async () => {
    const ann = await come();
    await throwBottle(ann, "Where am I?");
    await ann.getByRole("button", { name: "Take it back" }).waitFor();
    const focused = await ann.evaluate(() => document.activeElement?.textContent);
    expect(focused).to.match(/^Throw/);
    expect(await ann.getByRole("button", { name: /^Throw/ }).isDisabled()).to.equal(true);
  });

  it("[B6] a bottle that is in the air when its page is put away is thrown", async () => {
    const ann = await come();
    await throwBottle(ann, "Before the screen goes dark");
    const back = ann.getByRole("button", { name: "Take it back" });
    await back.waitFor();
    await ann.evaluate(() => {
      Object.defineProperty(document, "hidden", { value: true });
      document.dispatchEvent(new Event("visibilitychange"));
    });
    // At once, and not after the time in which it can be taken back.
    await back.waitFor({ state: "detached", timeout: 2000 });
    await ann.goto("about:blank");
    await ann.goto(`${sea.url}/#/shelf`);
    await ann.getByText("Before the screen goes dark").waitFor();
  });

  it("[B6] what was missed is told with the next arrival where its page was lost on its way", async () => {
    const ann = await come({ reducedMotion: "reduce" });
    await setAdrift(ann, "Is anybody there?");
    await ann.goto("about:blank");
    const bo = await Visitor.come(sea.url);
    const { bottle } = await bo.catches();
    await bo.answers(bottle.id, "I am");
    let lines = 0;
    await ann.routeWebSocket(/socket\.io/, (line) => {
      const server = line.connectToServer();
      lines += 1;
      if (lines > 1) return;
      let asked: string | undefined;
      line.onMessage((packet) => {
        asked ??= /^42(\d+)\["session:inbox"/.exec(String(packet))?.[1];
        server.send(packet);
      });
      server.onMessage((packet) => {
        if (asked === undefined || !String(packet).startsWith(`43${asked}[`)) line.send(packet);
        else void Promise.all([line.close(), server.close()]);
      });
    });
    await ann.goto(sea.url);
    await ann.getByText("Somebody answered your bottle.").waitFor({ timeout: 20_000 });
    expect(lines).to.equal(2);
    await bo.leave();
  });

  it("[M11] what is written while a bottle flies stays when it has gone", async () => {
    const ann = await come({ reducedMotion: "reduce" });
    await ann.getByRole("button", { name: "Throw" }).click();
    await ann.getByRole("textbox", { name: "Your words" }).fill("The first");
    await ann.getByRole("button", { name: "Roll it up and throw" }).click();
    await ann.getByRole("button", { name: "Catch" }).click();
    await ann.getByRole("button", { name: "Set one adrift" }).click();
    await ann.getByRole("textbox", { name: "Your words" }).fill("The second");
    await afloat(ann);
    expect(await ann.getByRole("textbox", { name: "Your words" }).inputValue()).to.equal(
      "The second",
    );
  });

  it("[M11] focus goes into a question, and back to what it was asked by", async () => {
    const ann = await come({ reducedMotion: "reduce" });
    await setAdrift(ann, "Mine");
    await ann.getByRole("button", { name: "My bottles" }).click();
    await ann.getByRole("button", { name: en.recall }).focus();
    const focused = () => ann.evaluate(() => document.activeElement?.textContent);
    await ann.keyboard.press("Enter");
    await ann.getByRole("group").getByRole("button", { name: en.recall }).waitFor();
    expect(await focused()).to.equal(en.cancel);
    await ann.keyboard.press("Enter");
    await ann.getByRole("button", { name: en.cancel }).waitFor({ state: "detached" });
    expect(await focused()).to.equal(en.recall);
  });

  it("[B1] what is too long says by how much, in both languages, and cannot be thrown", async () => {
    for (const [locale, words, over] of [
      ["en-GB", "Your words", "Characters too many: 10"],
      ["zh-CN", "你的话", "多了 10 字"],
    ] as const) {
      const ann = await come({ locale });
      await ann.getByRole("button", { name: /^(Throw|扔一只)/ }).click();
      await ann.getByRole("textbox", { name: words }).fill("x".repeat(1010));
      await ann.getByText(over, { exact: true }).waitFor();
      expect(await ann.locator(".sheet [type=submit]").isDisabled()).to.equal(true);
    }
  });

  it("[M11] letters and a bottle that are over say so, and lead on to one's own", async () => {
    const ann = await come();
    for (const [name, words] of [
      ["thread", en.threadGone],
      ["held", en.gone],
    ] as const) {
      await ann.evaluate((hash) => (location.hash = hash), `#/${name}/${"a".repeat(21)}`);
      await ann.getByRole("status").getByText(words).waitFor();
      await ann.locator(".sheet").getByRole("button", { name: en.mine }).click();
      await ann.getByRole("heading", { name: en.shelfTitle }).waitFor();
    }
  });

  it("[M11] after a long walk along the shore one is back on it, and goes on", async () => {
    const ann = await come({ reducedMotion: "reduce" });
    for (let i = 0; i < 30; i += 1)
      for (const place of ["tree", "lighthouse"])
        await ann.evaluate(
          (to) => document.querySelector<HTMLElement>(to)!.click(),
          `.to-${place}`,
        );
    await ann.waitForFunction(() => location.hash === "#/lighthouse");
    await ann.keyboard.press("Escape");
    await ann.waitForFunction(() => location.hash === "");
    await ann.getByRole("link", { name: "Old tree" }).click();
    await ann.waitForFunction(() => location.hash === "#/tree");
    await ann.goBack();
    await ann.locator(".sheet").waitFor({ state: "detached" });
  });

  it("[B7] how a bottle shall drift stays with its words; a seal that has passed is said", async () => {
    const ann = await come();
    await ann.getByRole("button", { name: "Throw" }).click();
    await ann.getByText(en.kind_wish).click();
    await ann.locator("summary").click();
    await ann.getByLabel(en.finders).selectOption("3");
    await ann.getByLabel(en.sealed).fill("2020-01-01T10:00");
    await ann.getByRole("textbox", { name: "Your words" }).fill("For later");
    await ann.getByText(en.sealedPast).waitFor();
    const roll = ann.getByRole("button", { name: en.rollUp });
    expect(await roll.isDisabled()).to.equal(true);
    const inAWeek = new Date(Date.now() + 7 * 86_400_000).toISOString().slice(0, 16);
    await ann.getByLabel(en.sealed).fill(inAWeek);
    await roll.click();
    await ann.getByRole("button", { name: en.undo }).click();
    expect(await ann.getByRole("radio", { name: en.kind_wish }).isChecked()).to.equal(true);
    await ann.locator("summary").click();
    expect(await ann.getByLabel(en.finders).inputValue()).to.equal("3");
    expect(await ann.getByLabel(en.sealed).inputValue()).to.equal(inAWeek);
    await roll.click();
    await afloat(ann);
    await ann.getByRole("button", { name: "My bottles" }).click();
    await ann.getByText("sealed until", { exact: false }).waitFor();
  });

  it("[M11] a server that is killed and started again: what was written goes out once", async function () {
    // Without Redis everything was in the memory of the one that is killed.
    needRedis(this);
    const ann = await come({ reducedMotion: "reduce" });
    const bo = await come({ reducedMotion: "reduce" });
    await setAdrift(ann, "Hold the line");
    await bo.getByRole("button", { name: "Catch" }).click();
    await bo.getByRole("textbox", { name: "Your answer" }).fill("Holding");
    await bo.getByRole("button", { name: "Answer", exact: true }).click();
    await ann.getByRole("button", { name: "Read it" }).click();
    await ann.getByRole("textbox", { name: "Your letter" }).waitFor();
    await sea.end("SIGKILL");
    await ann.getByText("The line has gone slack", { exact: false }).waitFor();
    for (const text of ["one", "two", "three"]) {
      await ann.getByRole("textbox", { name: "Your letter" }).fill(text);
      await ann.getByRole("button", { name: "Send" }).click();
    }
    expect(await ann.getByText("waiting to go out").count()).to.be.greaterThan(0);
    await sea.start();
    await bo.getByRole("log").getByText("three").waitFor({ timeout: 30_000 });
    const words = await bo.getByRole("log").locator(".words").allInnerTexts();
    expect(words).to.deep.equal(["Holding", "one", "two", "three"]);
    await ann.locator(".unsent").first().waitFor({ state: "detached" });
    expect(await ann.locator(".words").allInnerTexts()).to.deep.equal(words);
  });

  it("[M11] without a connection what is written waits, survives a reload, and goes out once", async () => {
    const ann = await come({ reducedMotion: "reduce" });
    const bo = await come({ reducedMotion: "reduce" });
    await setAdrift(ann, "Is the line good?");
    await bo.getByRole("button", { name: "Catch" }).click();
    await bo.getByRole("textbox", { name: "Your answer" }).fill("Clear as water");
    await bo.getByRole("button", { name: "Answer", exact: true }).click();
    await bo.getByRole("log").getByText("Clear as water").waitFor();
    await bo.context().setOffline(true);
    await bo.getByText("You are offline", { exact: false }).waitFor();
    await bo.getByRole("textbox", { name: "Your letter" }).fill("And then the line went");
    await bo.getByRole("button", { name: "Send" }).click();
    await bo.locator(".unsent").waitFor();
    expect(await bo.getByRole("textbox", { name: "Your letter" }).inputValue()).to.equal("");
    await bo.context().setOffline(false);
    await bo.reload();
    await bo.getByRole("log").getByText("And then the line went").waitFor();
    await bo.locator(".unsent").waitFor({ state: "detached" });
    await ann.getByRole("button", { name: "Read it" }).click();
    await ann.getByRole("log").getByText("And then the line went").waitFor();
    expect(await ann.locator(".words").allInnerTexts()).to.deep.equal([
      "Clear as water",
      "And then the line went",
    ]);
    expect(await bo.getByRole("textbox", { name: "Your letter" }).inputValue()).to.equal("");
  });

  it("[B12] an answer that comes too late stays with who wrote it, as the next bottle's words", async () => {
    await sea.close();
    sea = new SeaServer({ CREATURE_PROBABILITY: 0, LEASE_MS: 6000, LEASE_MAX_MS: 6000 });
    await sea.start();
    const ann = await come({ reducedMotion: "reduce" });
    const bo = await come({ reducedMotion: "reduce" });
    await setAdrift(ann, "Quick");
    await bo.getByRole("button", { name: "Catch" }).click();
    await bo.getByRole("textbox", { name: "Your answer" }).fill("Not quick enough");
    await bo.getByText("your words are safe").waitFor();
    await bo.getByRole("button", { name: "Throw them as a bottle" }).click();
    expect(await bo.getByRole("textbox", { name: "Your words" }).inputValue()).to.equal(
      "Not quick enough",
    );
  });

  it("[M11] a page of another version, and a server that stops, each say so quietly", async () => {
    const ann = await come();
    await sea.end("SIGTERM");
    await ann.getByText(en.draining).waitFor();
    await sea.start();
    await ann.getByText(en.draining).waitFor({ state: "hidden", timeout: 40_000 });
    const old = await visit(sea.url, { reducedMotion: "no-preference" }, (page) =>
      page.routeWebSocket(/socket\.io/, (line) => {
        const server = line.connectToServer();
        line.onMessage((packet) =>
          server.send(String(packet).replace(/"protocol":\d+/, '"protocol":999')),
        );
      }),
    );
    await old.getByRole("button", { name: en.reload }).waitFor();
  });

  it("[B8] a bottle that is taken back leaves the holder's screen within a second", async () => {
    const ann = await come({ reducedMotion: "reduce" });
    const bo = await come({ reducedMotion: "reduce" });
    await setAdrift(ann, "I changed my mind");
    await bo.getByRole("button", { name: "Catch" }).click();
    await bo.getByText("I changed my mind").waitFor();
    await ann.getByRole("button", { name: "My bottles" }).click();
    await ann.getByRole("button", { name: "Take it back for good" }).click();
    const gone = bo
      .getByText("I changed my mind")
      .waitFor({ state: "detached", timeout: AT_ONCE_MS });
    await Promise.all([gone, ann.getByRole("button", { name: "Take it back for good" }).click()]);
    await ann.getByText("taken back", { exact: true }).waitFor();
  });

  it("[M11] by keyboard alone: throw, look at the shelf, catch, answer", async () => {
    const ann = await come({ reducedMotion: "reduce" });
    const bo = await come({ reducedMotion: "reduce" });
    await tabTo(ann, "Throw");
    await ann.keyboard.press("Enter");
    await tabTo(ann, "Your words");
    await ann.keyboard.type("By hand");
    await tabTo(ann, "Roll it up");
    await ann.keyboard.press("Enter");
    await ann.getByText("It is adrift.").waitFor({ timeout: 15_000 });
    await tabTo(bo, "Catch");
    await bo.keyboard.press("Enter");
    await bo.getByText("By hand").waitFor();
    await tabTo(bo, "Your answer");
    await bo.keyboard.type("Heard");
    await tabTo(bo, "Answer");
    await bo.keyboard.press("Enter");
    await bo.getByRole("log").getByText("Heard").waitFor();
    await bo.keyboard.press("Escape");
    await bo.getByRole("log").waitFor({ state: "detached" });
  });

  it("[M11] axe finds nothing, on every sheet, in both lights and languages", async () => {
    const found: string[] = [];
    for (const [locale, light] of looks([
      ["en-GB", "day"],
      ["zh-CN", "night"],
      ["en-GB", "night"],
      ["zh-CN", "day"],
    ] as const)) {
      const page = await come({
        locale,
        reducedMotion: "reduce",
        viewport: { width: 390, height: 780 },
      });
      await page.evaluate((value) => localStorage.setItem("driftsea:choice:light", value), light);
      for (const sheet of ["", "#/throw", "#/shelf", "#/about"]) {
        await page.goto(`${sea.url}/${sheet}`);
        await page.reload();
        await arrived(page);
        if (sheet === "#/throw") await page.locator("summary").click();
        for (const fault of await faultsOf(page))
          found.push(`${locale} ${light} ${sheet} ${fault}`);
      }
    }
    expect(found).to.deep.equal([]);
  });

  it("[M11] 320 px: nothing is cut off, targets are 44 px; Chinese and English by one switch", async () => {
    const page = await come({ viewport: { width: 320, height: 568 }, locale: "zh-CN" });
    for (const sheet of ["", "#/throw", "#/shelf", "#/about"]) {
      await page.goto(`${sea.url}/${sheet}`);
      await page.reload();
      await page.getByRole("button", { name: /还有 10 次/ }).waitFor();
      const wide = await page.evaluate(() =>
        [...document.querySelectorAll("#app *")]
          .filter((e) => e.getBoundingClientRect().right > innerWidth + 1 && !e.closest(".unseen"))
          .map((e) => e.outerHTML.slice(0, 80)),
      );
      expect(wide).to.deep.equal([]);
      const small = await page.evaluate(() =>
        [...document.querySelectorAll("button, select, summary")]
          .map((e) => [e.textContent, e.getBoundingClientRect()] as const)
          .filter(([, box]) => box.height > 0 && (box.height < 43.5 || box.width < 43.5))
          .map(([text]) => text),
      );
      expect(small).to.deep.equal([]);
    }
    await page.goto(sea.url);
    expect(await page.evaluate(() => document.documentElement.lang)).to.equal("zh-Hans");
    await page.getByRole("button", { name: "English" }).click();
    await page.getByRole("button", { name: "Throw" }).waitFor();
    expect(await page.evaluate(() => document.documentElement.lang)).to.equal("en");
    await page.getByRole("option", { name: /The world/ }).waitFor({ state: "attached" });
  });

  it("[M11] reduced motion and the pause stop the sea", async () => {
    const page = await come({ reducedMotion: "reduce" });
    const running = () =>
      page.evaluate(() => document.getAnimations().filter((a) => a.playState === "running").length);
    expect(await running()).to.equal(0);
    const moving = await come();
    const count = () =>
      moving.evaluate(
        () => document.getAnimations().filter((a) => a.playState === "running").length,
      );
    expect(await count()).to.be.greaterThan(5);
    await moving.getByRole("button", { name: "Pause the sea" }).click();
    await moving.waitForFunction(() =>
      document.getAnimations().every((a) => a.playState !== "running"),
    );
  });

  it("[M11] asks no third party for anything, and forgets on demand", async () => {
    const page = await come();
    await setAdrift(page, "Forget this");
    expect([...people.at(-1)!.hosts]).to.deep.equal([new URL(sea.url).host]);
    const other = await page.context().newPage();
    await other.goto(sea.url);
    await other.getByRole("button", { name: /^Throw 9 left/ }).waitFor();
    await page.getByRole("button", { name: "About this sea" }).click();
    await page.getByRole("button", { name: "Forget me" }).click();
    await page.getByRole("button", { name: "Forget me" }).click();
    await page.getByRole("button", { name: /^Throw 10 left/ }).waitFor();
    await page.getByRole("button", { name: "My bottles" }).click();
    await page.getByText("Nothing here yet").waitFor();
    // Nor does his other tab go on as whoever he was: both are the same new person.
    await other.getByRole("button", { name: /^Throw 10 left/ }).waitFor();
    await other.reload();
    await other.getByRole("button", { name: /^Throw 10 left/ }).waitFor();
    await setAdrift(other, "Begun anew");
    await page.reload();
    await page.getByRole("button", { name: /^Throw 9 left/ }).waitFor();
  });
});
