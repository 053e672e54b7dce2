import { expect } from "chai";
import type { BrowserContextOptions, Page } from "playwright-core";
import { AT_ONCE_MS, Visitor, pause, until, writeId } from "../../server/test/harness/visitor.ts";
import { faultsOf } from "./audit.ts";
import { SeaServer, afloat, inBrowser, throwBottle, write } from "./harness.ts";
import { en } from "./texts.ts";

/** Bottles that are caught after a block; DRIFTSEA_LONG=1 catches a thousand, in some 20 min. */
const CATCHES = process.env["DRIFTSEA_LONG"] ? 1000 : 5;

/** Says how many are left from the moment on at which somebody can catch. */
const CAST = /^Catch.*left/;

describe("safety in the page", function () {
  this.timeout(90_000);
  let sea: SeaServer;
  const { visit } = inBrowser(() => sea.close());
  const come = (
    hash = "",
    options: BrowserContextOptions = {},
    before?: (page: Page) => unknown,
  ): Promise<Page> => visit(`${sea.url}/${hash}`, options, before);
  const intoRoom = async (page: Page, isHost: boolean): Promise<void> => {
    await page.getByRole("link", { name: "Lighthouse" }).click();
    if (isHost) {
      await page.getByRole("button", { name: "Light a room" }).click();
      await page.getByRole("button", { name: "Light it" }).click();
    } else await page.locator(".sheet-body .list .row").first().click();
    await page.getByRole("log").waitFor();
  };

  beforeEach(async () => {
    sea = new SeaServer({
      CREATURE_PROBABILITY: 0,
      HOST: "127.0.0.1",
      RATE_LIMITS: "off",
      THROWS_PER_DAY: 2000,
      CATCHES_PER_DAY: 2000,
      REPORTER_FRESH_MS: 0,
    });
    await sea.start();
  });

  it("[M12] [F9] what is marked is shown where it was written, changed there, and sent", async () => {
    const ann = await come();
    const words = "Write to me at ann.drift@example.com tonight";
    await throwBottle(ann, words);
    // The sheet is down by then, and comes back with the words and what is marked in them.
    const back = ann.getByRole("group", { name: en.askedTitle });
    await back.waitFor({ timeout: 15_000 });
    await back.getByText(en.askedMay).waitFor();
    await back.locator("mark", { hasText: "ann.drift@example.com" }).waitFor();
    const field = ann.getByRole("textbox", { name: en.yourText });
    expect(await field.inputValue()).to.equal(words);
    expect(await faultsOf(ann)).to.deep.equal([]);
    await back.getByRole("button", { name: en.markedChange }).click();
    await back.waitFor({ state: "detached" });
    expect(await field.evaluate((e) => e === document.activeElement)).to.equal(true);
    await field.fill("Write to me tonight");
    await ann.getByRole("button", { name: en.rollUp }).click();
    await afloat(ann);
  });

  it("[B7] [M12] how a bottle shall drift comes back with its words", async () => {
    const ann = await come();
    await ann.getByRole("button", { name: /^Throw/ }).click();
    await ann.locator("summary").click();
    await ann.getByLabel(en.finders).selectOption("3");
    await ann.getByRole("textbox", { name: en.yourText }).fill("Write to ann.drift@example.com");
    await ann.getByRole("button", { name: en.rollUp }).click();
    const back = ann.getByRole("group", { name: en.askedTitle });
    await back.waitFor({ timeout: 15_000 });
    await ann.locator("summary").click();
    expect(await ann.getByLabel(en.finders).inputValue()).to.equal("3");
  });

  it("[R4] [M12] a room whose name comes back keeps what was chosen for it", async () => {
    const ann = await come();
    await ann.getByRole("link", { name: "Lighthouse" }).click();
    await ann.getByRole("button", { name: "Light a room" }).click();
    await ann.getByLabel("End-to-end encrypted").check();
    await ann.locator(".make summary").click();
    const name = ann.getByLabel(en.makeName);
    await name.fill("you damn asshole");
    await ann.getByLabel(en.makeCapacity).selectOption("5");
    await ann.getByRole("button", { name: "Light it" }).click();
    const back = ann.getByRole("group", { name: en.askedTitle });
    await back.getByRole("button", { name: en.markedChange }).click();
    expect(await name.inputValue()).to.equal("you damn asshole");
    expect(await ann.getByLabel("End-to-end encrypted").isChecked()).to.equal(true);
    expect(await ann.getByLabel(en.makeCapacity).inputValue()).to.equal("5");
    await name.fill("a calm one");
    await ann.getByRole("button", { name: "Light it" }).click();
    await ann.getByRole("log").waitFor();
    await ann.getByRole("heading", { name: "a calm one" }).waitFor();
  });

  it("[M12] what is meant so goes out all the same, once, and leaves no draft; what is refused cannot", async () => {
    const ann = await come();
    await throwBottle(ann, "You damn asshole of a sea, I love you");
    const back = ann.getByRole("group", { name: en.askedTitle });
    await back.waitFor({ timeout: 15_000 });
    await back.getByRole("button", { name: en.askedAllTheSame }).click();
    await afloat(ann);
    expect(await ann.getByRole("textbox", { name: en.yourText }).inputValue()).to.equal("");
    await ann.keyboard.press("Escape");
    await ann.getByRole("button", { name: en.mine, exact: true }).click();
    expect(await ann.locator(".thrown").count()).to.equal(1);
    await intoRoom(ann, true);
    await write(ann, "buy viagra online, cheap pills, order now");
    await back.getByText(en.askedNot).waitFor();
    expect(await back.locator("mark").count()).to.be.greaterThan(0);
    expect(await back.getByRole("button", { name: en.askedAllTheSame }).count()).to.equal(0);
    expect(await ann.getByRole("log").locator(".words").count()).to.equal(0);
    // In a room what was said stays in sight, and so does the place to write.
    await ann.setViewportSize({ width: 320, height: 568 });
    expect(await faultsOf(ann)).to.deep.equal([]);
  });

  it("[M6] a hand is held out to who writes words of crisis and to who reads them; nothing is asked for", async () => {
    const zone = { timezoneId: "Europe/Dublin" };
    const ann = await come("", zone);
    const asked: string[] = [];
    await throwBottle(ann, "I want to kill myself tonight");
    await ann.getByRole("heading", { name: en.careTitle }).waitFor({ timeout: 15_000 });
    await ann.getByText(en.careToWriter).waitFor();
    await ann.getByRole("link", { name: "116 123" }).waitFor();
    expect(await ann.getByLabel(en.careWhere).inputValue()).to.equal("IE");
    expect(await faultsOf(ann)).to.deep.equal([]);
    const bo = await come("", { timezoneId: "Asia/Shanghai" });
    await bo.getByRole("button", { name: CAST }).click();
    await bo.getByText("I want to kill myself tonight").waitFor();
    const card = bo.locator("details.care");
    await card.waitFor();
    expect(await card.evaluate((e) => (e as HTMLDetailsElement).open)).to.equal(false);
    await card.getByText(en.careForReader).click();
    await card.getByRole("link", { name: "12356" }).waitFor();
    expect(await faultsOf(bo)).to.deep.equal([]);
    // Where somebody is, is told to nobody: neither by a request nor over the line.
    bo.on("request", (request) => asked.push(request.url()));
    await card.getByLabel(en.careWhere).selectOption("DE");
    await card.getByRole("link", { name: "0800 111 0 111" }).waitFor();
    await card.getByLabel(en.careWhere).selectOption("*");
    await card.getByText("findahelpline.com").waitFor();
    expect(await card.getByRole("link").count()).to.equal(0);
    expect(asked).to.deep.equal([]);
    expect(await bo.evaluate(() => JSON.stringify(localStorage))).to.not.match(/"DE"|country/);
    // It keeps nothing back: the answer goes out as any other.
    await bo.getByRole("textbox", { name: en.yourAnswer }).fill("I am here, tell me more");
    await bo.getByRole("button", { name: en.answer, exact: true }).click();
    await bo.getByRole("log").getByText("I am here, tell me more").waitFor();
  });

  it("[M1] a report takes it from everybody's screen within 1 s; its author is told, and says how she sees it", async () => {
    const ann = await come();
    await intoRoom(ann, true);
    const [bo, cy] = [await come(), await come()];
    for (const page of [bo, cy]) await intoRoom(page, false);
    await write(ann, "A line that somebody finds wrong");
    const line = (page: Page) =>
      page.getByRole("log").getByText("A line that somebody finds wrong");
    await line(cy).waitFor();
    await bo.locator("article.theirs").hover();
    await bo.locator(".more-acts").click();
    await bo.getByRole("button", { name: en.report }).click();
    await bo.getByText(en.reportMore).click();
    await bo.getByRole("textbox", { name: en.reportNote }).fill("It was meant for me");
    expect(await faultsOf(bo)).to.deep.equal([]);
    await line(bo).waitFor();
    const goneOf = [bo, cy, ann].map((page) =>
      line(page).waitFor({ state: "detached", timeout: AT_ONCE_MS }),
    );
    await Promise.all([...goneOf, bo.getByRole("button", { name: en.reason_threat }).click()]);
    await bo.getByText(en.reported).waitFor();
    await ann.getByText(en.item_hidden).waitFor();
    await ann.getByRole("button", { name: en.tryAgain }).click();
    await ann
      .getByText("A message of yours is hidden for now: others said that it is a threat.", {
        exact: false,
      })
      .waitFor();
    await ann.getByRole("button", { name: en.appealBegin }).click();
    await ann.getByRole("textbox", { name: en.appealYours }).fill("It is a line of a song");
    expect(await faultsOf(ann)).to.deep.equal([]);
    await ann.getByRole("button", { name: en.appealSend }).click();
    await ann.getByText(en.appealSaid).waitFor();
    expect(await ann.getByRole("button", { name: en.appealBegin }).count()).to.equal(0);
    // Told once, it is kept here.
    await ann.reload();
    await ann.getByText(en.appealSaid).waitFor();
  });

  it("[M12] a sealed room: marks ask before it goes out; what would be refused is shown on a tap; care as ever", async () => {
    const texts = (page: Page): string[] => {
      const sent: string[] = [];
      page.on("websocket", (line) =>
        line.on("framesent", ({ payload }) => sent.push(payload.toString("latin1"))),
      );
      return sent;
    };
    let sent: string[] = [];
    const ann = await come("", {}, (page) => {
      sent = texts(page);
    });
    await ann.getByRole("link", { name: "Lighthouse" }).click();
    await ann.getByRole("button", { name: "Light a room" }).click();
    await ann.getByLabel("End-to-end encrypted").check();
    await ann.getByRole("button", { name: "Light it" }).click();
    await ann.getByRole("log").waitFor();
    const tools = ann.locator("details.host");
    if (!(await tools.evaluate((e) => (e as HTMLDetailsElement).open)))
      await tools.locator("summary").click();
    await ann.getByRole("button", { name: "Make a link" }).click();
    const link = await ann.locator(".invite-link").inputValue();
    const bo = await come(link.slice(link.indexOf("#")));
    await bo.getByRole("button", { name: "Enter" }).click();
    await bo.getByRole("log").waitFor();
    const bad = "buy viagra online, cheap pills, order now";
    await write(ann, bad);
    const back = ann.getByRole("group", { name: en.askedTitle });
    await back.locator("mark").first().waitFor();
    expect(await ann.getByRole("log").locator(".words").count()).to.equal(0);
    await back.getByRole("button", { name: en.askedAllTheSame }).click();
    await ann.getByRole("log").getByText(bad).waitFor();
    const folded = bo.getByRole("button", { name: "Hidden here", exact: false });
    await folded.waitFor();
    // Nor does it stand in the quote of what answers it.
    await ann.locator(".more-acts").click();
    await ann.getByRole("button", { name: "Answer", exact: true }).click();
    await write(ann, "as I said");
    await bo.getByRole("log").getByText("as I said").waitFor();
    await bo.locator(".quoted").waitFor();
    expect(await bo.getByText(bad).count()).to.equal(0);
    await folded.click();
    await bo.getByText(bad).waitFor();
    await write(ann, "I want to kill myself tonight");
    await ann.getByText(en.careToWriter).waitFor();
    await ann.getByRole("button", { name: en.careAway }).click();
    await ann.getByText(en.careToWriter).waitFor({ state: "detached" });
    await bo.locator("article details.care").waitFor();
    // The report hands over what was opened here, and says so before.
    await bo.locator(".more-acts").first().click();
    await bo.getByRole("button", { name: en.report }).click();
    await bo.getByText(en.reportSealed).waitFor();
    await bo.getByRole("button", { name: en.reason_spam }).click();
    await bo.getByText(en.reported).waitFor();
    expect(
      sent.filter((frame) => frame.includes("viagra") || frame.includes("kill")),
    ).to.deep.equal([]);
  });

  it("[M12] a sealed room: marked words stay in their field where what asks about them does not come", async () => {
    const part = /\/assets\/safety-.*\.js$/;
    const ann = await come("", {}, (page) => page.route(part, (route) => route.abort("failed")));
    await ann.getByRole("link", { name: "Lighthouse" }).click();
    await ann.getByRole("button", { name: "Light a room" }).click();
    await ann.getByLabel("End-to-end encrypted").check();
    await ann.getByRole("button", { name: "Light it" }).click();
    await ann.getByRole("log").waitFor();
    const bad = "buy viagra online, cheap pills, order now";
    await write(ann, bad);
    await ann.getByText(en.wordsMarked).waitFor();
    const field = ann.getByRole("textbox", { name: en.yourText });
    expect(await field.inputValue()).to.equal(bad);
    expect(await ann.getByRole("log").locator(".words").count()).to.equal(0);
  });

  it("[S4] a block is two taps from a bottle and from a message, and what keeps it stays in the browser", async () => {
    const [ann, bo] = [await come(), await come()];
    await throwBottle(ann, "Somebody to block");
    await afloat(ann);
    await bo.getByRole("button", { name: CAST }).click();
    await bo.getByText("Somebody to block").waitFor();
    await bo.getByRole("button", { name: en.block }).click();
    await bo.getByText(en.blocked).waitFor();
    expect(await bo.evaluate(() => localStorage.getItem("driftsea:blocks"))).to.be.a("string");
    await intoRoom(ann, true);
    await intoRoom(bo, false);
    await write(ann, "And in a room");
    await bo.getByText("And in a room").waitFor();
    await bo.locator(".more-acts").click();
    await bo.getByRole("button", { name: en.block }).click();
    await bo.getByText("And in a room").waitFor({ state: "detached" });
  });

  it("[S4] whom one has blocked in a room is in no quote, is not said to write, and calls nobody back", async () => {
    const received: string[] = [];
    const bo = await come("", {}, (page) =>
      page.on("websocket", (line) =>
        line.on("framereceived", ({ payload }) => received.push(payload.toString("latin1"))),
      ),
    );
    const [ann, cy] = [await Visitor.come(sea.url), await Visitor.come(sea.url)];
    const lifetime = { kind: "fixed", ms: 600_000 } as const;
    const { room } = await ann.ask("room:create", { id: writeId(), access: "listed", lifetime });
    const roomId = room.id;
    for (const one of [ann, cy]) await one.ask("room:enter", { roomId });
    const say = (who: Visitor, text: string, more: { re?: number } = {}) =>
      who.ask("room:send", { id: writeId(), roomId, text, ...more });
    await intoRoom(bo, false);
    const { seq } = await say(ann, "unkind words");
    await bo.getByText("unkind words").waitFor();
    await bo.locator(".more-acts").click();
    await bo.getByRole("button", { name: en.block }).click();
    await bo.getByText("unkind words").waitFor({ state: "detached" });
    await say(cy, "why so?", { re: seq });
    await bo.getByRole("log").getByText("why so?").waitFor();
    expect(await bo.getByText("unkind words").count()).to.equal(0);
    await ann.ask("room:type", { roomId, typing: true });
    await cy.event("room:typing");
    await say(cy, "and again");
    await bo.getByRole("log").getByText("and again").waitFor();
    expect(await bo.locator(".typing").innerText()).to.equal("");
    await bo.keyboard.press("Escape");
    await bo.getByRole("log").waitFor({ state: "detached" });
    const called = bo.locator(".to-lighthouse .called");
    await say(ann, "come back");
    await until(() => received.some((frame) => frame.includes("come back")), "her words");
    await pause(300);
    expect(await called.count()).to.equal(0);
    await say(cy, "or not");
    await called.waitFor({ state: "attached" });
    for (const one of [ann, cy]) await one.leave();
  });

  it(`[S4] of as many bottles of a stranger as of all others, none is met in ${CATCHES} catches after a block`, async function () {
    this.timeout(60_000 + CATCHES * 3000);
    const [ann, eve] = [await Visitor.come(sea.url), await Visitor.come(sea.url)];
    await ann.throws("unkind, the first");
    const bo = await come();
    await bo.getByRole("button", { name: CAST }).click();
    await bo.getByText("unkind, the first").waitFor();
    await bo.getByRole("button", { name: en.block }).click();
    await bo.getByText(en.blocked).waitFor();
    for (let i = 0; i < CATCHES; i += 1) {
      await ann.throws(`unkind, number ${i}`);
      await eve.throws(`kind, number ${i}`);
    }
    // What keeps the block is the browser's: it outlives the connection.
    await bo.reload();
    const met: string[] = [];
    for (let i = 0; i < CATCHES; i += 1) {
      await bo.getByRole("button", { name: CAST }).click();
      met.push(await bo.locator(".sheet .letter").innerText());
      await bo.getByRole("button", { name: en.release }).click();
      await bo.getByRole("textbox", { name: en.yourAnswer }).waitFor({ state: "detached" });
    }
    expect(new Set(met).size).to.equal(CATCHES);
    expect(met.filter((text) => !text.startsWith("kind"))).to.deep.equal([]);
    await bo.getByRole("button", { name: /^Catch/ }).click();
    await bo.getByText(en.calmText).waitFor();
    // They were there to be caught.
    const cat = await Visitor.come(sea.url);
    const others = [];
    for (let i = 0; i < CATCHES + 2; i += 1) others.push((await cat.catches()).bottle.text);
    expect(others.some((text) => text.startsWith("unkind"))).to.equal(true);
    for (const one of [ann, eve, cat]) one.socket.close();
  });
});
