import { expect } from "chai";
import type { BrowserContextOptions, Page } from "playwright-core";
import {
  CIRCLE,
  FIVE,
  FIVE_PAIRS,
  circleOf,
  posts,
  untilShown,
} from "../../server/test/harness/circle.ts";
import { Visitor, pause, until, writeId } from "../../server/test/harness/visitor.ts";
import { faultsOf } from "./audit.ts";
import { SeaServer, arrived, inBrowser, keeping, pictureOf, tabTo } from "./harness.ts";
import { between } from "./line.ts";

/** Long enough that two clicks lie in one; what is made in it counts from the next on. */
const EPOCH_MS = 1200;
const nextEpoch = (): Promise<void> => pause(EPOCH_MS - (Date.now() % EPOCH_MS) + 200);

describe("the lantern river in the page", function () {
  this.timeout(120_000);
  let sea: SeaServer;
  const { people, visit } = inBrowser(async () => {
    for (const one of visitors.splice(0)) await one.leave();
  });
  const visitors: Visitor[] = [];
  const come = async (
    hash = "",
    options: BrowserContextOptions = {},
    kept: Record<string, string> = {},
    url = sea.url,
  ): Promise<Page> => {
    const page = await visit(`${url}/${hash}`, options, keeping(kept));
    await arrived(page);
    return page;
  };
  /** Five who know each other as far as is needed, of whom one sits before a page. */
  const five = async () => {
    const all = await circleOf(sea.url, FIVE, FIVE_PAIRS);
    visitors.push(...Object.values(all));
    await nextEpoch();
    return all;
  };
  const inviteOf = async (page: Page): Promise<string> => {
    await page.evaluate(() => (location.hash = "#/circle"));
    const field = page.locator(".invite-link");
    const make = page.getByRole("button", { name: "Make a link" });
    await make.waitFor();
    const before = (await field.count()) > 0 ? await field.inputValue() : "";
    await make.click();
    await page.waitForFunction((old) => {
      const link = document.querySelector<HTMLInputElement>(".invite-link");
      return link !== null && link.value !== "" && link.value !== old;
    }, before);
    return field.inputValue();
  };
  const befriend = async (one: Page, other: Page): Promise<void> => {
    const link = await inviteOf(one);
    await other.evaluate((hash) => (location.hash = hash), link.slice(link.indexOf("#")));
    await other.getByRole("button", { name: "Be friends" }).click();
    await other.getByText("You are friends.", { exact: false }).waitFor();
    expect(other.url()).to.not.contain(link.slice(-43));
  };
  const toRiver = async (page: Page): Promise<void> => {
    await page.getByRole("link", { name: "River" }).click();
    await page.getByText(/That was all|The river is dark/).waitFor();
  };
  const tell = async (page: Page, text: string): Promise<void> => {
    await page.getByRole("button", { name: "Light a lantern" }).click();
    await page.getByRole("textbox", { name: "Your secret" }).fill(text);
    await page.getByRole("button", { name: "Let it drift" }).click();
  };
  const layOut = (page: Page): Promise<void> =>
    page.getByRole("button", { name: /new lanterns?$/ }).click();
  const lantern = (page: Page, text: string) => page.getByRole("article").filter({ hasText: text });
  const open = async (page: Page, text: string): Promise<void> => {
    await lantern(page, text)
      .getByRole("button", { name: /^Read and answer/ })
      .click();
    await page.getByRole("heading", { name: "Answers" }).waitFor();
  };
  const answer = async (page: Page, text: string): Promise<void> => {
    await page.getByRole("textbox", { name: "Your answer" }).fill(text);
    await page.getByRole("button", { name: "Send" }).click();
  };
  /** Somebody who tells a secret and never hears the reply; with all that her page tells. */
  const tellUnheard = async (text: string, kept: Record<string, string> = {}) => {
    const told: Record<string, unknown>[] = [];
    let isLost = false;
    const page = await visit(`${sea.url}/#/tell`, {}, async (one) => {
      await keeping(kept)(one);
      await between(one, {
        answer: (name, payload) => {
          if (name === "feed:post") told.push(payload);
          return undefined;
        },
        lose: (name) => {
          if (name !== "feed:post" || isLost) return false;
          isLost = true;
          return true;
        },
      });
    });
    await arrived(page);
    await page.getByRole("textbox", { name: "Your secret" }).fill(text);
    await page.getByRole("button", { name: "Let it drift" }).click();
    await until(() => isLost, "a reply");
    // With the line goes the waiting for it.
    await page.evaluate(() => dispatchEvent(new Event("online")));
    await page.getByText("The sea did not answer.", { exact: false }).waitFor();
    return { page, told };
  };

  before(async () => {
    sea = new SeaServer({ ...CIRCLE, EPOCH_MS, CREATURE_PROBABILITY: 0, HOST: "127.0.0.1" });
    await sea.start();
  });
  after(() => sea?.close());

  it("[F3] [F16] five by links, a secret, its answers, hearts that carry it to the world; unlinked", async () => {
    const [ann, bo, cy, dan, eve] = [
      await come(),
      await come(),
      await come(),
      await come(),
      await come(),
    ] as const;
    for (const host of [bo, eve]) for (const guest of [ann, cy, dan]) await befriend(host, guest);
    const stranger = await come();
    await nextEpoch();
    for (const page of [ann, cy, bo, stranger]) await toRiver(page);
    await ann.getByText("Your circle is lit, and dark so far.", { exact: false }).waitFor();
    await stranger.getByText("2 more, and it opens.").waitFor();

    const words = "I still write to @quince every night";
    await tell(bo, words);
    await bo.locator("mark", { hasText: "@quince" }).waitFor();
    await bo.getByRole("button", { name: "Post all the same" }).click();
    await bo.getByRole("heading", { name: "It is lit" }).waitFor();
    await bo.getByText("Some time within the next 20 minutes", { exact: false }).waitFor();

    for (const page of [ann, cy]) {
      await page.getByRole("button", { name: "1 new lantern" }).waitFor();
      expect(await lantern(page, words).count(), "nothing moves by itself").to.equal(0);
      await layOut(page);
      await lantern(page, words).getByText("your circle").waitFor();
    }
    await open(ann, words);
    await answer(ann, "I would have answered");
    await ann.getByRole("log").getByText("I would have answered").waitFor();

    await bo.getByRole("button", { name: "My secrets" }).click();
    await bo.locator(".own-secret .row", { hasText: words }).click();
    await bo.getByRole("log").getByText("I would have answered").waitFor();
    await bo.getByText("Show that I wrote this secret").waitFor();
    await answer(bo, "I know");
    const crowned = ann.getByRole("log").getByRole("article").filter({ hasText: "I know" });
    await crowned.getByText("The author", { exact: false }).waitFor();
    await bo.getByLabel("Show that I wrote this secret").uncheck();
    await answer(bo, "As anybody");
    const plain = ann.getByRole("log").getByRole("article").filter({ hasText: "As anybody" });
    await plain.getByText("Somebody as", { exact: false }).waitFor();

    await ann.getByRole("button", { name: /^A heart/ }).click();
    await lantern(cy, words)
      .getByRole("button", { name: /1 heart$/ })
      .click();
    await stranger.getByRole("button", { name: "1 new lantern" }).waitFor();
    await layOut(stranger);
    await lantern(stranger, words).getByText("world").waitFor();
    await open(stranger, words);
    await stranger
      .getByText("Only its author’s circle may answer here.", { exact: false })
      .waitFor();
    await stranger.getByText("As anybody").waitFor();

    const keys = () =>
      bo.evaluate(() => Object.keys(localStorage).filter((key) => key.includes("secret:")));
    expect(await keys()).to.have.length(1);
    const sent: string[] = [];
    bo.on("websocket", (line) =>
      line.on("framesent", ({ payload }) => sent.push(payload.toString("latin1"))),
    );
    await bo.reload();
    await bo.getByRole("button", { name: /10 left/ }).waitFor();
    await toRiver(bo);
    await bo.getByRole("button", { name: "My secrets" }).click();
    await bo.locator(".own-secret .row", { hasText: words }).waitFor();
    expect(sent.join("\n")).to.contain("feed:own");
    sent.length = 0;
    await bo.getByRole("button", { name: "Unlink me from it" }).click();
    await bo.getByText("nobody can prove that it was yours", { exact: false }).waitFor();
    await bo.getByRole("button", { name: "Unlink me from it" }).click();
    await bo.getByText("Nothing of yours drifts here", { exact: false }).waitFor();
    expect(sent.join("\n"), "the server is not told").to.not.match(/feed:|secret/);
    expect(await keys()).to.deep.equal([]);
    await lantern(ann, words).waitFor({ state: "detached" });
    await stranger.getByText(words).waitFor();
  });

  it("[F9] a name is asked about twice, the second time more sternly", async () => {
    const page = await come();
    await toRiver(page);
    const words = "my roommate Sarah Whitfield cries at night";
    await tell(page, words);
    await page.locator("mark", { hasText: "Sarah Whitfield" }).waitFor();
    await page.getByRole("button", { name: "Post all the same" }).click();
    await page.getByRole("heading", { name: "A name stands in it" }).waitFor();
    await page.getByText("Would they want it said?", { exact: false }).waitFor();
    expect(await faultsOf(page)).to.deep.equal([]);
    await page.getByRole("button", { name: "I know, and name them" }).click();
    await page.getByRole("heading", { name: "It is lit" }).waitFor();
    await page.getByRole("button", { name: "My secrets" }).click();
    await page.locator(".own-secret .row", { hasText: words }).click();
    await page.getByText("Nobody has answered yet.").waitFor();
  });

  it("[F16] a secret whose reply was lost is told again as the same one: it is one, and its key is kept", async () => {
    const { ann, bo } = await five();
    const { page, told } = await tellUnheard("Was that heard?", { token: bo.token });
    await page.getByRole("radio", { name: "fog" }).press("Space");
    await page.getByRole("button", { name: "Let it drift" }).click();
    await page.getByRole("heading", { name: "It is lit" }).waitFor();
    const [first, second] = told.map(({ id, ownerHash }) => ({ id, ownerHash }));
    expect(second).to.deep.equal(first);
    expect(told.map(({ background }) => background)).to.deep.equal(["dusk", "fog"]);
    await untilShown(ann, "Was that heard?");
    const shown = (await ann.ask("feed:open", {})).posts.map(({ id }) => `driftsea:secret:${id}`);
    const keys = await page.evaluate(() =>
      Object.keys(localStorage).filter((key) => key.startsWith("driftsea:secret:")),
    );
    expect(keys).to.deep.equal(shown);
  });

  it("[F16] whose first words had gone out after all is told so; the others are kept, and told by themselves", async () => {
    const { page } = await tellUnheard("The first words");
    const words = page.getByRole("textbox", { name: "Your secret" });
    await words.fill("Quite other ones");
    await page.getByRole("button", { name: "Let it drift" }).click();
    await page.getByText("What you told before had gone out after all", { exact: false }).waitFor();
    expect(await words.inputValue()).to.equal("Quite other ones");
    const mine = (text: string) => page.locator(".own-secret .row", { hasText: text });
    await page.getByRole("button", { name: "My secrets" }).click();
    await mine("The first words").waitFor();
    expect(await mine("Quite other ones").count()).to.equal(0);
    await page.evaluate(() => (location.hash = "#/tell"));
    await page.getByRole("button", { name: "Let it drift" }).click();
    await page.getByRole("heading", { name: "It is lit" }).waitFor();
    await page.getByRole("button", { name: "My secrets" }).click();
    await mine("The first words").waitFor();
    await mine("Quite other ones").waitFor();
  });

  it("[F6] what arrives moves nothing that is read; what its author deletes goes out in its place", async () => {
    const { bo, ann } = await five();
    for (let i = 0; i < 23; i += 1) await posts(bo, `Secret number ${10 + i}`);
    const page = await come("", {}, { token: ann.token });
    const isFull = async (): Promise<boolean> => {
      const { cursor } = await ann.ask("feed:open", {});
      return cursor !== undefined && (await ann.ask("feed:open", { cursor })).posts.length === 3;
    };
    await until(isFull, "a page of twenty and one of three");
    await page.getByRole("link", { name: "River" }).click();
    await lantern(page, "Secret number").last().scrollIntoViewIfNeeded();
    await page.getByText("That was all").waitFor();
    expect(await lantern(page, "Secret number").count()).to.equal(23);
    const third = lantern(page, "Secret number").nth(2);
    const words = await third.locator("p").innerText();
    await third.scrollIntoViewIfNeeded();
    const top = () => lantern(page, words).evaluate((e) => e.getBoundingClientRect().top);
    const before = await top();
    await posts(bo, "One more");
    await page.getByRole("button", { name: "1 new lantern" }).waitFor();
    // A line that is cut and found again: what waits goes on waiting, and later ones are heard. What comes in between
    // may lie on any page.
    const found = page.waitForEvent("websocket");
    await page.evaluate(() => dispatchEvent(new Event("online")));
    const hasRead = ({ payload }: { payload: string | Buffer }) =>
      String(payload).includes('"posts"');
    await (await found).waitForEvent("framereceived", hasRead);
    const { post, ownerKey } = await posts(bo, "After that");
    await page.getByRole("button", { name: "2 new lanterns" }).waitFor();
    expect(await top()).to.equal(before);
    await layOut(page);
    await lantern(page, "One more").waitFor();
    await lantern(page, "After that").waitFor();
    await bo.ask("feed:delete", { postId: post.id, ownerKey });
    await page.getByText("This lantern has gone out.").waitFor();
    expect(await page.content()).to.not.contain("After that");
  });

  it("[F6] what one is writing below a secret that goes out stays to be read", async () => {
    const { bo, ann } = await five();
    const { post, ownerKey } = await posts(bo, "Gone before you answer");
    const page = await come("", {}, { token: ann.token });
    await untilShown(ann, post.text);
    await toRiver(page);
    await open(page, "Gone before you answer");
    await page.getByRole("textbox", { name: "Your answer" }).fill("I was just about to say");
    await bo.ask("feed:delete", { postId: post.id, ownerKey });
    await page.getByText("This lantern has gone out.").waitFor();
    await page.getByText("I was just about to say", { exact: true }).waitFor();
    expect(await page.getByRole("textbox", { name: "Your answer" }).count()).to.equal(0);
  });

  it("[F6] an answer that comes too late for a secret that nobody looks at any more can be thrown as a bottle", async () => {
    const { bo, ann } = await five();
    const { post, ownerKey } = await posts(bo, "Out before it is answered");
    const page = await come("", {}, { token: ann.token });
    await untilShown(ann, post.text);
    await toRiver(page);
    await open(page, post.text);
    await page.context().setOffline(true);
    await page.evaluate(() => dispatchEvent(new Event("offline")));
    await answer(page, "I was there too");
    await page.locator(".answer.unsent").waitFor();
    await page.keyboard.press("Escape");
    await page.getByRole("heading", { name: "Answers" }).waitFor({ state: "detached" });
    await bo.ask("feed:delete", { postId: post.id, ownerKey });
    await page.context().setOffline(false);
    await page.evaluate(() => dispatchEvent(new Event("online")));
    await page.getByText("Nobody is there any more to read that", { exact: false }).waitFor();
    await page.getByRole("button", { name: "Throw them as a bottle" }).click();
    const field = page.getByRole("textbox", { name: "Your words" });
    expect(await field.inputValue()).to.equal("I was there too");
  });

  it("[F4] answers that went out of sight while there was no line are so when it is back", async () => {
    const { bo, ann } = await five();
    const { post } = await posts(bo, "Somebody answers this");
    await untilShown(ann, post.text);
    const said = { id: writeId(), postId: post.id, text: "Call me at the usual place" };
    const { comment } = await ann.ask("feed:comment", said);
    let isHidden = false;
    const page = await visit(`${sea.url}/`, {}, async (one) => {
      await keeping({ token: ann.token })(one);
      await between(one, {
        answer: (name, { after }) =>
          isHidden && name === "feed:comments" && after === 0
            ? { ok: true, data: { comments: [], recovered: true } }
            : undefined,
      });
    });
    await arrived(page);
    await toRiver(page);
    await open(page, post.text);
    await page.getByRole("log").getByText(comment.text).waitFor();
    isHidden = true;
    await page.evaluate(() => dispatchEvent(new Event("online")));
    await page.getByRole("log").getByText(comment.text).waitFor({ state: "detached" });
  });

  it("[F16] words that lay below one's own secret are not crowned by themselves", async () => {
    const { bo } = await five();
    const page = await come("", {}, { token: bo.token });
    await toRiver(page);
    await tell(page, "Who will know me?");
    await page.getByRole("button", { name: "My secrets" }).click();
    await page.locator(".own-secret .row", { hasText: "Who will know me?" }).click();
    await page.getByLabel("Show that I wrote this secret").uncheck();
    await page.getByRole("textbox", { name: "Your answer" }).fill("As anybody");
    await page.keyboard.press("Escape");
    await page.getByRole("link", { name: "River" }).click();
    await page.getByRole("button", { name: "My secrets" }).click();
    await page.locator(".own-secret .row", { hasText: "Who will know me?" }).click();
    const field = page.getByRole("textbox", { name: "Your answer" });
    expect(await field.inputValue()).to.equal("As anybody");
    expect(await page.getByLabel("Show that I wrote this secret").isChecked()).to.equal(false);
  });

  it("[F6] what came while the line was dead is there to the end, on whatever page it lies", async () => {
    const { bo, ann } = await five();
    await posts(bo, "Read before");
    const page = await come("", {}, { token: ann.token });
    await until(async () => (await ann.ask("feed:open", {})).posts.length === 1, "the first");
    await page.getByRole("link", { name: "River" }).click();
    await page.getByText("That was all").waitFor();
    await page.context().setOffline(true);
    await page.getByText("You are offline", { exact: false }).waitFor();
    for (let i = 0; i < 25; i += 1) await posts(bo, `Secret number ${10 + i}`);
    const isFull = async (): Promise<boolean> => {
      const { cursor } = await ann.ask("feed:open", {});
      return cursor !== undefined && (await ann.ask("feed:open", { cursor })).posts.length === 6;
    };
    await until(isFull, "a page of twenty and one of six");
    await page.context().setOffline(false);
    await layOut(page);
    await page.getByRole("feed").locator("article").last().scrollIntoViewIfNeeded();
    await page.getByText("That was all").waitFor();
    expect(await lantern(page, "Secret number").count()).to.equal(25);
    expect(await lantern(page, "Read before").count()).to.equal(1);
  });

  it("[F7] hidden, muted by word, reported; [F8] votes are shown from five on", async () => {
    const { bo, ann, cy, dan, eve } = await five();
    await posts(bo, "About a quince");
    const { post: asking } = await posts(bo, "Shall I call?", { poll: true });
    await posts(bo, "Hide me");
    const page = await come("", {}, { token: ann.token });
    await until(async () => (await cy.ask("feed:open", {})).posts.length === 3, "all three");
    await toRiver(page);
    await lantern(page, "Shall I call?").getByRole("button", { name: "Yes" }).click();
    await page.getByRole("button", { name: "Yes", pressed: true }).waitFor();
    await page.getByText("Counted once five have said.").waitFor();
    for (const [who, choice] of [
      [bo, "yes"],
      [cy, "yes"],
      [dan, "no"],
      [eve, "no"],
    ] as const)
      await who.ask("feed:vote", { postId: asking.id, choice });
    await page.getByRole("button", { name: "Yes 60 %", pressed: true }).waitFor();
    await page.getByRole("button", { name: "No 40 %", pressed: false }).waitFor();
    await page.getByText("Muted words").click();
    await page.getByLabel("A word").fill("Quince");
    await page.getByRole("button", { name: "Mute it" }).click();
    await page.getByText("A lantern with a word that you muted.").waitFor();
    expect(await page.getByText("About a quince").count()).to.equal(0);
    await page.getByRole("button", { name: "Show it" }).click();
    await page.getByText("About a quince").waitFor();
    await open(page, "Hide me");
    await page.getByRole("button", { name: "More" }).click();
    await page.getByRole("button", { name: "Report" }).click();
    await page.getByRole("button", { name: "Advertising" }).click();
    await page.getByText("kept for a person to look at", { exact: false }).waitFor();
    await page.getByRole("button", { name: "Hide it from me" }).click();
    await page.getByText("You will not see it again.").waitFor();
    await page.getByRole("feed").waitFor();
    expect(await lantern(page, "Hide me").count()).to.equal(0);
  });

  it("[F2] alone: it says why three are needed; a link that is used up says so kindly", async () => {
    const used = "a".repeat(43);
    const page = await come(`#/circle/${used}`);
    expect(page.url()).to.not.contain(used);
    await page.getByText("Nobody yet.", { exact: false }).waitFor();
    await page.getByRole("button", { name: "Be friends" }).click();
    await page.getByText("This link has been used", { exact: false }).waitFor();
    expect(await page.evaluate(() => JSON.stringify(localStorage))).to.not.contain(used);
    await page.getByRole("button", { name: "Make a link" }).click();
    await page.getByRole("img", { name: "The link as a QR code" }).waitFor();
    await page.getByRole("button", { name: "Back to the river" }).click();
    await page.getByRole("heading", { name: "Nobody can tell who" }).waitFor();
    await page.getByText("2 more, and it opens.").waitFor();
  });

  it("[F2] who parts, by one link or from all, counts one less and is asked first", async () => {
    const { ann } = await five();
    const page = await come("#/circle", {}, { token: ann.token });
    await page.getByText("2 friends.").waitFor();
    const link = await inviteOf(page);
    const guest = await Visitor.come(sea.url);
    visitors.push(guest);
    await guest.ask("circle:accept", { code: link.slice(-43) as never });
    await page.getByRole("button", { name: "Back to the river" }).click();
    await page.getByRole("button", { name: "3 friends" }).click();
    await page.getByText("Links of this browser").click();
    await page.getByRole("button", { name: "Leave by this link" }).click();
    await page.getByText("3 friends.").waitFor();
    await page.getByRole("button", { name: "Leave by this link" }).click();
    await page.getByText("2 friends.").waitFor();
    expect((await guest.ask("circle:status", {})).friends).to.equal(0);
    await page.getByRole("button", { name: "Leave all friends" }).click();
    await page.getByRole("button", { name: "Leave all friends" }).click();
    await page.getByText("Nobody yet.", { exact: false }).waitFor();
  });

  it("[F9] [F17] what is being written stays; rare words and how many are told; a photo without its EXIF", async () => {
    const { bo, ann } = await five();
    const page = await come("#/tell", {}, { token: bo.token });
    const words = page.getByRole("textbox", { name: "Your secret" });
    await words.fill("The quince remembers");
    await page.getByText("Words that few would use: quince").waitFor();
    await page.getByText(/could have written this/).waitFor();
    // However long they are, they end within the paper.
    await words.fill(`The ${"quince".repeat(12)} remembers`);
    await page.locator(".rare", { hasText: "quincequince" }).waitFor();
    expect(await faultsOf(page)).to.deep.equal([]);
    await words.fill("The quince remembers");
    await page.keyboard.press("Escape");
    await page.evaluate(() => (location.hash = "#/tell"));
    expect(await words.inputValue()).to.equal("The quince remembers");
    await page.locator("input[type=file]").setInputFiles({
      name: "me.jpg",
      mimeType: "image/jpeg",
      buffer: await pictureOf(page),
    });
    await page.getByText("without place, time or camera", { exact: false }).waitFor();
    const reader = await come("", {}, { token: ann.token });
    await toRiver(reader);
    const served = reader.waitForResponse((one) => one.url().includes("/media/"));
    await page.getByRole("button", { name: "Let it drift" }).click();
    await page.getByRole("heading", { name: "It is lit" }).waitFor();
    await layOut(reader);
    const bytes = (await (await served).body()).toString("latin1");
    expect(bytes.startsWith("RIFF")).to.equal(true);
    expect(bytes).to.not.contain("secret place");
    await reader.getByAltText("The photo of this secret").waitFor();
  });

  it("[F8] the author is told of answers by the key that the browser keeps, live and on coming back", async () => {
    const { ann, bo, eve } = await five();
    const { post, ownerKey } = await posts(eve, "Whose mailbox is this?", { comments: "anyone" });
    await untilShown(ann, post.text);
    const say = (who: Visitor, text: string) =>
      who.ask("feed:comment", { id: writeId(), postId: post.id, text });
    await say(ann, "while you were away");
    // Another browser with nothing but the key: no circle, and nobody that the server knows.
    const page = await come("", {}, { [`secret:${post.id}`]: ownerKey });
    await page.getByText("Somebody answered a secret of yours.").waitFor();
    await page.getByRole("button", { name: "Read it" }).click();
    await page.getByText("new answers").waitFor();
    await page.getByRole("button", { name: "Whose mailbox is this?" }).click();
    await page.getByText("while you were away").waitFor();
    await page.keyboard.press("Escape");
    await page.getByRole("heading", { name: "Driftsea" }).waitFor();
    await say(bo, "and while you are here");
    await page.getByText("Somebody answered a secret of yours.").waitFor();
    await page.getByRole("button", { name: "Read it" }).click();
    await page.getByText("new answers").waitFor();
    await page.getByRole("button", { name: "Whose mailbox is this?" }).click();
    await page.getByText("and while you are here").waitFor();
    const hasSeen = (name: string) => localStorage.getItem(name) === "2";
    await page.waitForFunction(hasSeen, `driftsea:seen:${post.id}`);
    await page.reload();
    await page.getByRole("button", { name: /10 left/ }).waitFor();
    await page.evaluate(() => (location.hash = "#/own"));
    await page.getByText("2 answers").waitFor();
    expect(await page.getByText("new answers").count()).to.equal(0);
  });

  it("[F8] an answer that was taken away before it was read is no news for ever", async () => {
    const { bo, ann } = await five();
    const { post, ownerKey } = await posts(bo, "What did they say?");
    await untilShown(ann, post.text);
    await ann.ask("feed:comment", { id: writeId(), postId: post.id, text: "nothing good" });
    const page = await visit(`${sea.url}/#/own`, {}, async (one) => {
      await keeping({ [`secret:${post.id}`]: ownerKey })(one);
      await between(one, {
        answer: (name) =>
          name === "feed:comments"
            ? { ok: true, data: { comments: [], recovered: true } }
            : undefined,
      });
    });
    await page.getByText("new answers").waitFor();
    await page.getByRole("button", { name: "What did they say?" }).click();
    await page.getByText("Nobody has answered yet.").waitFor();
    await page.evaluate(() => (location.hash = "#/own"));
    await page.getByRole("button", { name: "What did they say?" }).waitFor();
    expect(await page.getByText("new answers").count()).to.equal(0);
  });

  it("[F15] before its release one's own secret shows its photo and its answers to its author", async () => {
    const slow = new SeaServer({ ...CIRCLE, RELEASE_DELAY_MAX_MS: 86_400_000, HOST: "127.0.0.1" });
    await slow.start();
    try {
      const page = await come("", {}, {}, slow.url);
      await toRiver(page);
      await page.getByRole("button", { name: "Light a lantern" }).click();
      await page.getByRole("textbox", { name: "Your secret" }).fill("not yet");
      await page.locator("input[type=file]").setInputFiles({
        name: "me.jpg",
        mimeType: "image/jpeg",
        buffer: await pictureOf(page),
      });
      await page.getByText("without place, time or camera", { exact: false }).waitFor();
      await page.getByRole("button", { name: "Let it drift" }).click();
      await page.getByRole("button", { name: "My secrets" }).click();
      await page.locator(".own-secret .row", { hasText: "not yet" }).click();
      await page.getByText("Nobody has answered yet.").waitFor();
      const photo = page.getByAltText("The photo of this secret");
      await photo.waitFor();
      expect(await photo.getAttribute("src")).to.match(/^blob:/);
      await answer(page, "I could wait no longer");
      const crowned = page.getByRole("log").getByRole("article").filter({ hasText: "no longer" });
      await crowned.getByText("The author", { exact: false }).waitFor();
    } finally {
      for (const { page } of people) await page.goto("about:blank");
      await slow.close();
    }
  });

  it("[M11] by keyboard alone: to the river, a lantern of one's own, and back to it", async () => {
    const page = await come();
    await tabTo(page, "River");
    await page.keyboard.press("Enter");
    await page.getByText("The river is dark").or(page.getByText("That was all")).waitFor();
    await tabTo(page, "Light a lantern");
    await page.keyboard.press("Enter");
    await tabTo(page, "Your secret");
    await page.keyboard.type("Written by hand");
    await page.keyboard.press("Control+Enter");
    await page.getByRole("heading", { name: "It is lit" }).waitFor();
    await tabTo(page, "My secrets");
    await page.keyboard.press("Enter");
    await page.locator(".own-secret .row").waitFor();
    await tabTo(page, "Written by hand");
    await page.keyboard.press("Enter");
    await tabTo(page, "Your answer");
    await page.keyboard.type("To myself");
    await page.keyboard.press("Control+Enter");
    await page.getByRole("log").getByText("The author", { exact: false }).waitFor();
    await tabTo(page, "Delete it");
    await page.keyboard.press("Enter");
    await page.getByRole("button", { name: "Delete it" }).press("Enter");
    await page.getByText("It is deleted, for everybody.").waitFor();
    await page.keyboard.press("Escape");
    await page.getByRole("heading", { name: "The lantern river" }).waitFor({ state: "detached" });
  });

  it("[M11] axe finds nothing at the river, in both lights and languages; 320 px cuts nothing off", async () => {
    const { bo, ann, eve } = await five();
    for (const background of ["dusk", "fog", "sand", "moss"] as const)
      await posts(bo, `On ${background} 灯`, { background, poll: background === "fog" });
    const mine = await posts(ann, "My own 我的");
    await until(async () => (await ann.ask("feed:open", {})).posts.length >= 4, "four");
    const { post } = await posts(eve, "With answers 回音");
    await ann.ask("circle:invite", {});
    await untilShown(ann, "With answers 回音");
    await ann.ask("feed:comment", {
      id: "x".repeat(21) as never,
      postId: post.id,
      text: "An answer 一句",
    });
    const found: string[] = [];
    for (const [locale, light] of [
      ["en-GB", "night"],
      ["zh-CN", "day"],
    ] as const) {
      const kept = {
        token: ann.token,
        "choice:light": light,
        [`secret:${mine.post.id}`]: mine.ownerKey,
      };
      const small = { locale, viewport: { width: 320, height: 568 } };
      const page = await come("", small, kept);
      for (const sheet of ["#/river", "#/secret", "#/tell", "#/circle", "#/own"]) {
        if (sheet === "#/secret") {
          const card = page.getByRole("article").filter({ hasText: "With answers" });
          await card.locator(".way-in").click();
          await page.locator(".answer").waitFor();
        } else {
          await page.evaluate((hash) => (location.hash = hash), sheet);
          const sign = sheet === "#/own" ? ".own-secret .row" : ".sheet .primary";
          await page.locator(sign).first().waitFor();
        }
        if (sheet === "#/river") await page.locator(".lanterns .light").first().waitFor();
        if (sheet === "#/circle") await page.locator(".sheet .primary").first().click();
        for (const summary of await page.locator("summary").all()) await summary.click();
        for (const fault of await faultsOf(page, "button, a, select, summary, .paints .light"))
          found.push(`${locale} ${light} ${sheet} ${fault}`);
      }
    }
    expect(found).to.deep.equal([]);
  });
});
