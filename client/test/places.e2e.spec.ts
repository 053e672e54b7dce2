import { expect } from "chai";
import type { Page } from "playwright-core";
import { SeaServer, arrived, heard, inBrowser, wordsOn, write } from "./harness.ts";

/** A name that is this machine, and that no browser takes for a safe one. */
const ELSEWHERE = "sea.test";

describe("the places of the page, where something runs out or fails", function () {
  this.timeout(60_000);
  let sea: SeaServer;
  const { people, visit } = inBrowser(() => {}, [
    `--host-resolver-rules=MAP ${ELSEWHERE} 127.0.0.1`,
  ]);
  const come = async (
    hash = "",
    before?: (page: Page) => unknown,
    url = sea.url,
  ): Promise<Page> => {
    const page = await visit(`${url}/${hash}`, {}, before);
    await arrived(page);
    return page;
  };
  const makeRoom = async (page: Page, pause?: string): Promise<void> => {
    await page.getByRole("link", { name: "Lighthouse" }).click();
    await page.getByRole("button", { name: "Light a room" }).click();
    if (pause !== undefined) {
      await page.getByText("More", { exact: true }).click();
      await page.getByLabel("Pause between two messages").selectOption(pause);
    }
    await page.getByRole("button", { name: "Light it" }).click();
    await page.getByRole("log").waitFor();
  };
  const enterFirst = async (page: Page): Promise<void> => {
    await page.locator(".row").first().click();
    await page.getByRole("log").waitFor();
  };
  const endRoom = async (page: Page): Promise<void> => {
    const tools = page.locator("details.host");
    if ((await tools.getAttribute("open")) === null) await tools.locator("summary").click();
    await page.getByRole("button", { name: "End it now" }).click();
    await page.getByRole("button", { name: "End it now" }).click();
    await page.getByText("The host has ended this room", { exact: false }).waitFor();
  };
  const seek = (page: Page): Promise<void> =>
    page.getByRole("button", { name: "Light my lantern" }).click();

  before(async () => {
    sea = new SeaServer({
      CREATURE_PROBABILITY: 0,
      HOLE_SILENCE_MS: 4000,
      SHAKE_WINDOW_MS: 5000,
      ROOM_BACKLOG: 5,
      HOST: "127.0.0.1",
      RATE_LIMITS: "off",
    });
    await sea.start();
  });
  after(() => sea?.close());

  it("[R11] the tree runs out before everybody's eyes: the letter in a hand goes too", async () => {
    const [ann, bo] = [await come("#/tree"), await come("#/tree")];
    await ann.getByText("Nothing lies in it").waitFor();
    await ann.getByRole("textbox", { name: "Your letter to the tree" }).fill("Not for long");
    await ann.getByRole("button", { name: "Put it in" }).click();
    await bo.getByRole("button", { name: "Read one" }).click();
    await bo.getByText("Not for long").waitFor();
    for (const page of [ann, bo]) {
      await page.getByText("Nobody wrote in time", { exact: false }).waitFor();
      await page.getByText("Nothing lies in it").waitFor();
      const shown = await page.evaluate(() => document.documentElement.outerHTML);
      expect(shown).to.not.include("Not for long");
      expect(await page.getByRole("button", { name: "Read one" }).isDisabled()).to.equal(true);
    }
  });

  it("[S2] who reloads inside a meeting is back in it; the other is told nothing", async () => {
    const [ann, bo] = [await come("#/lanterns"), await come("#/lanterns")];
    for (const page of [ann, bo]) await seek(page);
    for (const page of [ann, bo]) await page.getByRole("log").waitFor();
    await write(ann, "Stay a while");
    await heard(bo, "Stay a while");
    await bo.reload();
    await heard(bo, "Stay a while");
    await write(bo, "Here I am");
    await heard(ann, "Here I am");
    // A sheet that is put down ends nothing, and the way back is where it was.
    await bo.keyboard.press("Escape");
    await bo.reload();
    await bo.getByRole("button", { name: /10 left/ }).waitFor();
    await bo.getByRole("link", { name: "Lanterns" }).click();
    await heard(bo, "Here I am");
    // Longer than somebody may be away: he is in, and not only waited for.
    await ann.waitForTimeout(10_500);
    await write(ann, "Still there?");
    await heard(bo, "Still there?");
    await bo.getByRole("button", { name: "Leave", exact: true }).click();
    await ann.getByText("The other has gone.", { exact: false }).waitFor();
    await bo.reload();
    await bo.getByRole("button", { name: "Light my lantern" }).waitFor();
  });

  it("[S2] a meeting belongs to the lanterns: what is said there calls to them", async () => {
    const [ann, bo] = [await come("#/lanterns"), await come("#/lanterns")];
    for (const page of [ann, bo]) await seek(page);
    for (const page of [ann, bo]) await page.getByRole("log").waitFor();
    await bo.getByRole("link", { name: "Lighthouse" }).click();
    await bo.getByText("No window is lit just now").waitFor();
    await write(ann, "Where are you?");
    await bo.getByRole("link", { name: "Lanterns , something new" }).click();
    await heard(bo, "Where are you?");
    expect(await bo.getByText(", something new").count()).to.equal(0);
    await bo.getByRole("button", { name: "Leave", exact: true }).click();
  });

  it("[S1] who names the same thing is found first, and both read what it was", async () => {
    const [ann, bo, eve] = [
      await come("#/lanterns"),
      await come("#/lanterns"),
      await come("#/lanterns"),
    ];
    const wish = async (page: Page, words: string): Promise<void> => {
      await page.getByLabel("What would you like to talk about?", { exact: false }).fill(words);
      await seek(page);
      await page.getByText("Your lantern is lit").waitFor();
    };
    await bo.getByLabel("What would you like to talk about?", { exact: false }).fill("tea、 rain");
    await bo.getByText("tea · rain").waitFor();
    await wish(eve, "trains");
    await wish(ann, "Tea, the moon");
    await seek(bo);
    for (const page of [ann, bo]) await page.getByText("You both said: tea").waitFor();
    await eve.getByText("Your lantern is lit").waitFor();
    await eve.getByRole("button", { name: "Put it out" }).click();
    await eve.getByRole("button", { name: "Light my lantern" }).waitFor();
    await ann.getByRole("button", { name: "Leave", exact: true }).click();
    await bo.getByText("The other has gone.", { exact: false }).waitFor();
  });

  it("[S5] two press at once and meet; who presses alone is told that nobody came", async () => {
    const [ann, bo] = [await come("#/lanterns"), await come("#/lanterns")];
    await ann.getByRole("button", { name: "Both at once" }).click();
    await ann.getByText("Is somebody pressing too?", { exact: false }).waitFor();
    await ann.getByText("Nobody came just now", { exact: false }).waitFor();
    for (const page of [ann, bo]) await page.getByRole("button", { name: "Both at once" }).click();
    for (const page of [ann, bo]) await page.getByRole("log").waitFor();
    await bo.getByRole("button", { name: "Leave", exact: true }).click();
    await ann.getByText("The other has gone.", { exact: false }).waitFor();
  });

  it("[R4] a slow room says when one may write again, and sends by itself what came too soon", async () => {
    const ann = await come();
    await makeRoom(ann, "5000");
    const bo = await come("#/lighthouse");
    await enterFirst(bo);
    await write(bo, "one");
    await heard(ann, "one");
    await write(bo, "two");
    await bo.locator(".unsent").getByText("goes out in", { exact: false }).waitFor();
    expect(await wordsOn(ann)).to.deep.equal(["one"]);
    await heard(ann, "two");
    await bo.locator(".unsent").waitFor({ state: "detached" });
    expect(await wordsOn(bo)).to.deep.equal(["one", "two"]);
    // The host is not bound.
    for (const text of ["three", "four"]) await write(ann, text);
    await heard(bo, "four");
    await endRoom(ann);
  });

  it("[R6] who was away for more than is kept sees where something is lost", async () => {
    const ann = await come();
    await makeRoom(ann);
    const bo = await come("#/lighthouse");
    await enterFirst(bo);
    await write(ann, "before");
    await heard(bo, "before");
    await bo.context().setOffline(true);
    await bo.getByText("You are offline", { exact: false }).waitFor();
    const missed = ["1", "2", "3", "4", "5", "6", "7"];
    for (const text of missed) {
      await write(ann, text);
      await heard(ann, text);
    }
    await bo.context().setOffline(false);
    await heard(bo, "7");
    expect(await bo.locator(".lines").innerText()).to.match(
      /before\s[^]*Something that was said here is lost[^]*\b3\b/,
    );
    expect(await wordsOn(bo)).to.deep.equal(["before", ...missed.slice(2)]);
    await endRoom(ann);
  });

  it("[M11] a part of the page that does not come says so, and is fetched again", async () => {
    const parts = /\/assets\/(rooms|hole|meets|feed)-.*\.js$/;
    const ann = await come("", async (page) => {
      await page.route(parts, (route) => route.abort("failed"));
    });
    for (const place of ["Lighthouse", "Old tree", "River", "Lanterns"]) {
      await ann.getByRole("link", { name: place }).click();
      await ann.getByText("The way there could not be found. Nothing was lost.").waitFor();
    }
    await ann.getByRole("button", { name: "Try again" }).click();
    // A browser may remember a failure: from the second on the page itself is loaded again.
    await ann.getByRole("button", { name: "Load the page again" }).waitFor();
    await ann.unroute(parts);
    await ann.getByRole("button", { name: "Load the page again" }).click();
    await ann.getByRole("button", { name: "Light my lantern" }).waitFor();
    const complaints = people.at(-1)!.complaints.splice(0);
    expect(complaints.filter((one) => !one.includes("ERR_FAILED"))).to.deep.equal([]);
  });

  it("[M11] without https the page works, and says what it cannot do there", async () => {
    const { port } = new URL(sea.url);
    const ann = await come("", undefined, `http://${ELSEWHERE}:${port}`);
    expect(await ann.evaluate(() => isSecureContext)).to.equal(false);
    await ann.getByRole("link", { name: "Lighthouse" }).click();
    await ann.getByRole("button", { name: "Light a room" }).click();
    await ann.getByText("Encryption needs a page that came over https", { exact: false }).waitFor();
    expect(await ann.getByLabel("End-to-end encrypted").isDisabled()).to.equal(true);
    await ann.getByText("Only by a link from me").click();
    await ann.getByRole("button", { name: "Light it" }).click();
    await ann.getByRole("log").waitFor();
    await ann.getByRole("button", { name: "Make a link" }).click();
    await ann.getByRole("button", { name: "Copy" }).click();
    await ann.getByText("It is marked: copy it from there.").waitFor();
    const marked = await ann.evaluate(() => {
      const field = document.querySelector<HTMLInputElement>(".invite-link")!;
      return field.value.slice(field.selectionStart!, field.selectionEnd!);
    });
    expect(marked).to.match(/^http:\/\/sea\.test:\d+\/#\/room\/[\w-]{21}\?i=[\w-]{43}$/);
    await write(ann, "plain, and fine");
    await heard(ann, "plain, and fine");
    await endRoom(ann);
    // A room that is sealed says so instead of showing what nobody can read.
    const bo = await come();
    await bo.getByRole("link", { name: "Lighthouse" }).click();
    await bo.getByRole("button", { name: "Light a room" }).click();
    await bo.getByLabel("End-to-end encrypted").check();
    await bo.getByRole("button", { name: "Light it" }).click();
    await bo.getByRole("log").waitFor();
    await bo.getByRole("button", { name: "Make a link" }).click();
    await bo.locator(".invite-link").waitFor();
    const link = await bo.locator(".invite-link").inputValue();
    await ann.goto(`http://${ELSEWHERE}:${port}/${link.slice(link.indexOf("#"))}`);
    await ann.getByText("It can be read over https only", { exact: false }).waitFor();
    await ann.getByRole("button", { name: "Enter" }).click();
    await ann.getByText("did not come over https", { exact: false }).waitFor();
    expect(await ann.getByRole("textbox", { name: "Your words" }).count()).to.equal(0);
    const { complaints } = people[0]!;
    expect(complaints.splice(0).filter((one) => !one.includes("Opener-Policy"))).to.deep.equal([]);
    await endRoom(bo);
  });

  it("[M11] on a phone what is said hides nothing, and what opens below is brought into sight", async () => {
    const [ann, bo] = [await come("#/tree"), await come("#/lanterns")];
    const boxOf = async (selector: string) =>
      (await ann.locator(selector).first().boundingBox()) ?? { x: 0, y: 0, width: 0, height: 0 };
    await ann.getByRole("textbox", { name: "Your letter to the tree" }).fill("Look up");
    await ann.getByRole("button", { name: "Put it in" }).click();
    await ann.getByText("The countdown begins again.", { exact: false }).waitFor();
    const [said, signs, sheet] = [
      await boxOf(".saying p"),
      await boxOf(".controls"),
      await boxOf(".sheet"),
    ];
    expect(said.y).to.be.at.least(signs.y + signs.height);
    expect(said.y + said.height).to.be.at.most(sheet.y);
    await ann.getByRole("link", { name: "Lanterns" }).click();
    for (const page of [ann, bo]) await seek(page);
    for (const page of [ann, bo]) await page.getByRole("log").waitFor();
    await ann.getByRole("button", { name: "Report and leave" }).press("Enter");
    await ann.getByText("One press reports it", { exact: false }).waitFor();
    const reasons = await boxOf(".reasons");
    expect(reasons.y + reasons.height).to.be.at.most((await boxOf(".places")).y + 1);
    await ann.getByRole("button", { name: "Something else" }).click();
    // What nobody wrote cannot be kept; he is away all the same.
    await ann.getByText("had written nothing", { exact: false }).waitFor();
    await bo.getByText("The other has gone.", { exact: false }).waitFor();
  });
});
