import { expect } from "chai";
import type { RoomId } from "@driftsea/protocol";
import type { BrowserContextOptions, Page } from "playwright-core";
import { needRedis } from "../../server/test/harness/redis.ts";
import { Visitor, pause, until, writeId } from "../../server/test/harness/visitor.ts";
import { faultsOf } from "./audit.ts";
import {
  SeaServer,
  arrived,
  heard,
  inBrowser,
  pictureOf,
  tabTo,
  wordsOn,
  write,
} from "./harness.ts";
import { between } from "./line.ts";
import { en } from "./texts.ts";

const SIZES = [256, 1024, 4096].map((bytes) => Math.ceil((bytes * 8) / 6));

/** Everything that a page asks for and everything that goes over its line, as text. */
function record(page: Page): { sent: string[]; received: string[] } {
  const taken = { sent: [] as string[], received: [] as string[] };
  page.on("request", (request) => taken.sent.push(request.url() + (request.postData() ?? "")));
  page.on("websocket", (line) => {
    line.on("framesent", ({ payload }) => taken.sent.push(payload.toString("latin1")));
    line.on("framereceived", ({ payload }) => taken.received.push(payload.toString("latin1")));
  });
  return taken;
}

/** The replies to a command reach the page only when it has heard an event. */
function keepBack(page: Page, command: string, event: string): Promise<void> {
  return page.routeWebSocket(/socket\.io/, (line) => {
    const server = line.connectToServer();
    const asked: string[] = [];
    const kept: (string | Buffer)[] = [];
    let isHeard = false;
    line.onMessage((packet) => {
      const [, id, name] = /^42(\d+)\["([^"]+)"/.exec(String(packet)) ?? [];
      if (id !== undefined && name === command) asked.push(id);
      server.send(packet);
    });
    server.onMessage((packet) => {
      const text = String(packet);
      if (!isHeard && asked.some((id) => text.startsWith(`43${id}[`))) return kept.push(packet);
      line.send(packet);
      isHeard ||= text.startsWith(`42["${event}"`);
      if (isHeard) for (const late of kept.splice(0)) line.send(late);
    });
  });
}

describe("rooms, the tree and the lanterns in the page", function () {
  this.timeout(90_000);
  let sea: SeaServer;
  const { visit } = inBrowser();
  const come = async (
    hash = "",
    options: BrowserContextOptions = {},
    before?: (page: Page) => unknown,
  ): Promise<Page> => {
    const page = await visit(`${sea.url}/${hash}`, options, before);
    await arrived(page);
    return page;
  };
  const makeRoom = async (
    page: Page,
    how: { byLink?: boolean; encrypted?: boolean; life?: number } = {},
  ): Promise<void> => {
    await page.getByRole("link", { name: "Lighthouse" }).click();
    await page.getByRole("button", { name: "Light a room" }).click();
    if (how.byLink) await page.getByText("Only by a link from me").click();
    if (how.encrypted) await page.getByLabel("End-to-end encrypted").check();
    await page.getByRole("button", { name: "Light it" }).click();
    await page.getByRole("log").waitFor();
  };
  /** Ann's room, which is locked; Bo stands before it. */
  const knocking = async (): Promise<{ ann: Page; bo: Page }> => {
    const ann = await come();
    await makeRoom(ann);
    await ann.getByText("You are the host").click();
    await ann.getByRole("button", { name: "Lock the door" }).click();
    await ann.getByRole("button", { name: "Unlock the door" }).waitFor();
    const bo = await come("#/lighthouse");
    await bo.locator(".row").first().click();
    await bo.getByText("The door is locked.", { exact: false }).waitFor();
    return { ann, bo };
  };
  const inviteOf = async (page: Page): Promise<string> => {
    const tools = page.locator("details.host");
    if (!(await tools.evaluate((e) => (e as HTMLDetailsElement).open)))
      await tools.locator("summary").click();
    const link = page.locator(".invite-link");
    const make = page.getByRole("button", { name: "Make a link" });
    await make.waitFor();
    const before = (await link.count()) > 0 ? await link.inputValue() : "";
    await make.click();
    await page.waitForFunction((old) => {
      const field = document.querySelector<HTMLInputElement>(".invite-link");
      return field !== null && field.value !== "" && field.value !== old;
    }, before);
    return page.locator(".invite-link").inputValue();
  };
  const comeBy = async (link: string, before?: (page: Page) => void): Promise<Page> => {
    const page = await come(link.slice(link.indexOf("#")), {}, before);
    await page.getByRole("button", { name: "Enter" }).click();
    await page.getByRole("log").waitFor();
    return page;
  };
  /** What is left of a room in the page and in what it keeps. */
  const left = (page: Page, words: string[]): Promise<string[]> =>
    page.evaluate((all) => {
      const kept = Object.entries(localStorage).map(([key, value]) => `${key} ${value}`);
      const shown = document.documentElement.outerHTML;
      return [
        ...kept.filter((one) => /room:|write:/.test(one)),
        ...all.filter((word) => shown.includes(word) || kept.some((one) => one.includes(word))),
      ];
    }, words);

  before(async () => {
    sea = new SeaServer({
      CREATURE_PROBABILITY: 0,
      ROOM_MIN_LIFETIME_MS: 1000,
      MEET_RELAX_MS: 1000,
      HOST: "127.0.0.1",
      RATE_LIMITS: "off",
    });
    await sea.start();
  });
  after(() => sea?.close());

  it("[R6] an invited second writes both ways; off the line and back, nothing is missing or twice", async () => {
    const ann = await come();
    await makeRoom(ann, { byLink: true });
    const link = await inviteOf(ann);
    const bo = await come(link.slice(link.indexOf("#")));
    expect(bo.url()).to.not.contain("?");
    expect(await bo.getByRole("log").count()).to.equal(0);
    await bo.getByRole("button", { name: "Enter" }).click();
    await bo.getByRole("log").waitFor();
    await write(ann, "Who is there?");
    await heard(bo, "Who is there?");
    await bo.getByRole("textbox", { name: "Your words" }).pressSequentially("Me");
    await ann.getByText(/is writing…/).waitFor();
    await bo.getByRole("button", { name: "Send" }).click();
    await heard(ann, "Me");
    await bo.context().setOffline(true);
    await bo.getByText("You are offline", { exact: false }).waitFor();
    for (const text of ["one", "two", "three"]) await write(ann, text);
    await write(bo, "from the dark");
    await bo.locator(".unsent").waitFor();
    await heard(ann, "three");
    await bo.waitForTimeout(10_000);
    await bo.context().setOffline(false);
    await heard(ann, "from the dark");
    await heard(bo, "three");
    await bo.locator(".unsent").waitFor({ state: "detached" });
    const all = ["Who is there?", "Me", "one", "two", "three", "from the dark"];
    expect(await wordsOn(ann)).to.deep.equal(all);
    expect(await wordsOn(bo)).to.deep.equal(all);
    await bo.reload();
    await heard(bo, "from the dark");
    expect(await wordsOn(bo)).to.deep.equal(all);
    // A door is for one person: the invite is spent.
    const third = await come(link.slice(link.indexOf("#")));
    await third.getByRole("button", { name: "Enter" }).click();
    await third.getByText("This room has ended, or the invite", { exact: false }).waitFor();
  });

  it("[R6] what went out of sight while there was no line is out of sight when it is back", async () => {
    const ann = await come("", {}, (page) => between(page, { miss: ["room:message-gone"] }));
    await makeRoom(ann);
    const roomId = ann.url().slice(-21) as RoomId;
    const cy = await Visitor.come(sea.url);
    await cy.ask("room:enter", { roomId });
    for (const text of ["I am Cy, of Leeds", "and I am seventeen"])
      await cy.ask("room:send", { id: writeId(), roomId, text });
    await write(ann, "Hello");
    await heard(ann, "Hello");
    await heard(ann, "I am Cy, of Leeds");
    await cy.ask("session:forget", {});
    await ann.evaluate(() => dispatchEvent(new Event("online")));
    for (const text of ["I am Cy, of Leeds", "and I am seventeen"])
      await ann.getByRole("log").getByText(text).waitFor({ state: "detached" });
    expect(await wordsOn(ann)).to.include("Hello");
  });

  it("[R3] for how long his words may be seen he chooses once for a room, and a draft keeps it", async () => {
    const ann = await come();
    await makeRoom(ann);
    await ann.getByRole("combobox", { name: "Your message goes" }).selectOption("once");
    await ann.getByRole("textbox", { name: "Your words" }).fill("for one look");
    await ann.reload();
    await ann.getByRole("log").waitFor();
    const field = ann.getByRole("textbox", { name: "Your words" });
    expect(await field.inputValue()).to.equal("for one look");
    expect(await ann.getByRole("combobox", { name: "Your message goes" }).inputValue()).to.equal(
      "once",
    );
  });

  it("[R6] the server is killed in mid-conversation and comes back: nothing that was said is missing", async function () {
    // Without Redis everything was in the memory of the one that is killed.
    needRedis(this);
    const ann = await come();
    await makeRoom(ann, { encrypted: true });
    const bo = await comeBy(await inviteOf(ann));
    await write(ann, "before");
    await heard(bo, "before");
    await write(bo, "acknowledged");
    await heard(ann, "acknowledged");
    await sea.end("SIGKILL");
    await ann.getByText("The line has gone slack", { exact: false }).waitFor();
    await write(ann, "into the dark");
    await write(bo, "so do I");
    await ann.locator(".unsent").waitFor();
    await sea.start();
    await heard(bo, "into the dark");
    await heard(ann, "so do I");
    const said = await wordsOn(ann);
    expect([...said].sort()).to.deep.equal(["acknowledged", "before", "into the dark", "so do I"]);
    expect(await wordsOn(bo)).to.deep.equal(said);
    await bo.reload();
    await heard(bo, "so do I");
    expect(await wordsOn(bo)).to.deep.equal(said);
  });

  it("[R1] the end comes to both at once, and nothing of the room stays", async () => {
    const ann = await come("", {}, (page) => shorten(page, 12_000));
    await makeRoom(ann);
    const bo = await come("#/lighthouse");
    await bo.locator(".row").first().click();
    await bo.getByRole("log").waitFor();
    await write(ann, "soon gone");
    await heard(bo, "soon gone");
    await bo.getByRole("textbox", { name: "Your words" }).fill("never sent");
    expect(await left(bo, [])).to.not.deep.equal([]);
    // The last minute is felt.
    for (const page of [ann, bo]) await page.locator("#sea.is-dim").waitFor();
    for (const page of [ann, bo]) {
      await page.getByText("Its time is up.", { exact: false }).waitFor({ timeout: 20_000 });
      expect(await left(page, ["soon gone", "never sent"])).to.deep.equal([]);
      await page.locator("#sea:not(.is-dim)").waitFor();
    }
  });

  it("[R5] sealed: neither key nor words in any byte that leaves the browser; three sizes", async () => {
    const records: ReturnType<typeof record>[] = [];
    const watch = (page: Page): void => void records.push(record(page));
    const ann = await come("", {}, watch);
    await makeRoom(ann, { encrypted: true });
    const link = await inviteOf(ann);
    const key = /k=([\w-]{43})/.exec(link)![1]!;
    const bo = await comeBy(link, watch);
    expect(await bo.evaluate(() => location.href)).to.not.contain(key);
    await write(ann, "nobody else hears this");
    await heard(bo, "nobody else hears this");
    const long = "tide ".repeat(199).trim();
    await write(bo, long);
    await heard(ann, long);
    await write(bo, "middle ".repeat(40).trim());
    await heard(ann, "middle ".repeat(40).trim());
    const phrase = async (page: Page): Promise<string> => {
      await page.getByText("About this room", { exact: false }).click();
      return page.locator(".phrase").innerText();
    };
    expect(await phrase(ann)).to.equal(await phrase(bo));
    const sizes = new Set<number>();
    for (const { sent, received } of records) {
      const all = [...sent, ...received].join("\n");
      for (const secret of [key, "nobody else hears", "tide tide", "middle middle"])
        expect(all).to.not.contain(secret);
      for (const [, sealed] of all.matchAll(/"sealed":"([\w-]+)"/g)) sizes.add(sealed!.length);
    }
    expect([...sizes].sort((a, b) => a - b)).to.deep.equal(SIZES);
  });

  it("[R5] who is removed hears no more; those who stay go on under a new key", async () => {
    const ann = await come();
    await makeRoom(ann, { encrypted: true });
    const bo = await comeBy(await inviteOf(ann));
    const cy = await comeBy(await inviteOf(ann));
    await write(cy, "all three");
    await heard(ann, "all three");
    await heard(bo, "all three");
    await ann.locator("details.info:not(.host) summary").click();
    const phrase = await ann.locator(".phrase").innerText();
    await ann.getByRole("button", { name: "Remove" }).last().click();
    await ann.getByRole("button", { name: "Remove" }).last().click();
    await cy.getByText("The host has asked you to leave", { exact: false }).waitFor();
    await ann.waitForFunction(
      (old) => document.querySelector(".phrase")?.textContent !== old,
      phrase,
    );
    await write(bo, "only two now");
    await heard(ann, "only two now");
    await write(ann, "so it is");
    await heard(bo, "so it is");
    expect(await left(cy, ["all three"])).to.deep.equal([]);
    // A new link carries the new key.
    const dee = await comeBy(await inviteOf(ann));
    await dee.getByText("Sealed before you came").waitFor();
    await write(dee, "new here");
    await heard(bo, "new here");
  });

  it("[R5] another link to the room that lies open opens what the first one could not", async () => {
    const ann = await come();
    await makeRoom(ann, { encrypted: true });
    const link = await inviteOf(ann);
    const hash = link.slice(link.indexOf("#"));
    const bo = await comeBy(hash.replace(/k=[\w-]{43}/, `k=${"A".repeat(43)}`));
    await write(ann, "for who has the key");
    await bo.getByText("Sealed before you came").waitFor();
    await bo.evaluate((address) => (location.hash = address), hash);
    await heard(bo, "for who has the key");
    await write(bo, "now I have it");
    await heard(ann, "now I have it");
  });

  it("[R4] who has left and follows the link again stands before its door", async () => {
    const ann = await come();
    await makeRoom(ann, { byLink: true });
    const link = await inviteOf(ann);
    const hash = link.slice(link.indexOf("#"));
    const bo = await comeBy(link);
    await bo.locator("details.info:not(.host) summary").click();
    await bo.getByRole("button", { name: en.leaveRoom }).click();
    await bo.getByRole("button", { name: en.leaveRoom }).click();
    await bo.getByText(en.over_left).waitFor();
    await bo.evaluate((address) => (location.hash = address), hash);
    await bo.getByRole("button", { name: "Enter" }).click();
    await write(bo, "here again");
    await heard(ann, "here again");
  });

  it("[R1] what only its host has of a room that others keep alive outlives the last deadline he knew", async () => {
    const ann = await come();
    await ann.getByRole("link", { name: "Lighthouse" }).click();
    await ann.getByRole("button", { name: "Light a room" }).click();
    await ann.getByText("When everybody has left").click();
    await ann.getByRole("button", { name: "Light it" }).click();
    await ann.getByRole("log").waitFor();
    const kept = (): Promise<string> =>
      ann.evaluate(() => {
        const key = Object.keys(localStorage).find((one) => one.startsWith("driftsea:room:"));
        return (key && localStorage.getItem(key)) ?? "";
      });
    await ann.evaluate(() => {
      for (const [key, value] of Object.entries(localStorage))
        if (key.startsWith("driftsea:room:"))
          localStorage.setItem(
            key,
            JSON.stringify({ ...JSON.parse(value), deadlineAt: Date.now() - 60_000 }),
          );
    });
    // Each arrival on the line looks for what has ended.
    const second = await ann.context().newPage();
    await second.goto(sea.url);
    await arrived(second);
    expect(await kept()).to.contain("ownerKey");
    await ann.reload();
    await ann.locator("details.host").waitFor();
    // A month later it has ended, whoever was there.
    await ann.evaluate(() => {
      for (const [key, value] of Object.entries(localStorage))
        if (key.startsWith("driftsea:room:"))
          localStorage.setItem(
            key,
            JSON.stringify({ ...JSON.parse(value), deadlineAt: Date.now() - 31 * 86_400_000 }),
          );
    });
    await ann.goto("about:blank");
    await second.reload();
    await arrived(second);
    await second.waitForFunction(() =>
      Object.keys(localStorage).every((key) => !key.startsWith("driftsea:room:")),
    );
  });

  it("[R4] whose place was taken while he was off the line is told so, and what he wrote waits", async () => {
    const [ann, cy, eve] = await Promise.all([1, 2, 3].map(() => Visitor.come(sea.url)));
    const { room } = await ann!.ask("room:create", {
      id: writeId(),
      access: "listed",
      lifetime: { kind: "fixed", ms: 600_000 },
      capacity: 2,
    });
    const roomId = room.id;
    const bo = await come(`#/room/${roomId}`);
    await bo.getByRole("button", { name: "Enter" }).click();
    await bo.getByRole("log").waitFor();
    await cy!.ask("room:enter", { roomId });
    await bo.context().setOffline(true);
    await bo.getByText("You are offline", { exact: false }).waitFor();
    await write(bo, "from the dark");
    await bo.locator(".unsent").waitFor();
    const comesIn = async (): Promise<boolean> => {
      await pause(300);
      return (await eve!.send("room:enter", { roomId })).ok;
    };
    await until(comesIn, "a place", 40_000);
    await bo.context().setOffline(false);
    await bo.getByText("It is full just now", { exact: false }).waitFor();
    await eve!.ask("room:leave", { roomId });
    // Where his line was made twice he may be in by himself by now.
    const again = bo.getByRole("button", { name: "Try again" });
    await again.click({ timeout: 3000 }).catch(() => {});
    await heard(bo, "from the dark");
    await bo.locator(".unsent").waitFor({ state: "detached" });
    expect((await cy!.event("room:message")).message.text).to.equal("from the dark");
    for (const who of [ann, cy, eve]) await who!.leave();
  });

  it("[R4] who stands before a locked door may try it again", async () => {
    const { ann, bo } = await knocking();
    await ann.getByRole("button", { name: "Unlock the door" }).click();
    await ann.getByRole("button", { name: "Lock the door" }).waitFor();
    await bo.getByRole("button", { name: "Try again" }).click();
    await bo.getByRole("log").waitFor();
  });

  it("[R6] what was written without a line goes out where the page is opened again elsewhere", async () => {
    const ann = await come();
    await makeRoom(ann, { byLink: true });
    const bo = await comeBy(await inviteOf(ann));
    await bo.context().setOffline(true);
    await bo.getByText("You are offline", { exact: false }).waitFor();
    await write(bo, "from the dark");
    await bo.locator(".unsent").waitFor();
    const again = await bo.context().newPage();
    await bo.close();
    await again.context().setOffline(false);
    await again.goto(sea.url);
    await heard(ann, "from the dark");
  });

  it("[R3] a timed message goes after it was read; one to be seen once, when it is closed", async () => {
    const ann = await come();
    await makeRoom(ann);
    const bo = await come("#/lighthouse");
    await bo.locator(".row").first().click();
    await bo.getByRole("log").waitFor();
    await ann.getByLabel("Your message goes").selectOption("5000");
    await ann.getByText("Nobody can stop a photograph").first().waitFor();
    await write(ann, "five seconds");
    await heard(bo, "five seconds");
    await ann.getByLabel("Your message goes").selectOption("once");
    await write(ann, "only once");
    await bo.getByRole("button", { name: "Tap to read once" }).waitFor();
    expect(await wordsOn(bo)).to.not.contain("only once");
    await bo.getByRole("button", { name: "Tap to read once" }).click();
    await heard(bo, "only once");
    await bo.getByRole("button", { name: "Close it for good" }).click();
    await bo.getByText("only once").waitFor({ state: "detached" });
    for (const page of [ann, bo])
      await page.getByText("five seconds").waitFor({ state: "detached", timeout: 12_000 });
    await bo.reload();
    await bo.getByRole("log").waitFor();
    expect(await left(bo, ["only once", "five seconds"])).to.satisfy((all: string[]) =>
      all.every((one) => one.includes("room:")),
    );
  });

  it("[R3] what has a timer is not to be read in a quote, where no clock runs", async () => {
    const ann = await come();
    await makeRoom(ann, { byLink: true });
    const bo = await comeBy(await inviteOf(ann));
    await ann.getByLabel("Your message goes").selectOption("300000");
    await write(ann, "five minutes");
    await heard(bo, "five minutes");
    await bo.locator(".more-acts").click();
    await bo.getByRole("button", { name: "Answer", exact: true }).click();
    await bo.locator(".answering q", { hasText: "disappears after reading" }).waitFor();
    await write(bo, "five for what?");
    for (const page of [ann, bo]) {
      await page.locator(".quoted q", { hasText: "disappears after reading" }).waitFor();
      expect(await page.getByText("five minutes").count()).to.equal(1);
    }
  });

  it("[R12] a photo goes out without its EXIF, sealed or not", async () => {
    for (const encrypted of [false, true]) {
      const ann = await come();
      await makeRoom(ann, encrypted ? { encrypted } : {});
      const bo = encrypted ? await comeBy(await inviteOf(ann)) : await come("#/lighthouse");
      if (!encrypted) {
        await bo.getByRole("link", { name: "Lighthouse" }).waitFor();
        await bo.locator(".row").first().click();
      }
      await bo.getByRole("log").waitFor();
      const served = bo.waitForResponse((answer) => answer.url().includes("/media/"));
      await ann
        .locator("input[type=file]")
        .setInputFiles({ name: "me.jpg", mimeType: "image/jpeg", buffer: await pictureOf(ann) });
      await ann.getByAltText("The photo as it will be sent").waitFor();
      await ann.getByRole("button", { name: "Send the photo" }).click();
      await bo.getByAltText(/Photo from/).waitFor();
      const bytes = (await (await served).body()).toString("latin1");
      expect(bytes).to.not.contain("Exif");
      expect(bytes).to.not.contain("secret place");
      expect(bytes.startsWith("RIFF")).to.equal(!encrypted);
      await bo.waitForFunction(() => {
        const photo = document.querySelector<HTMLImageElement>(".log .photo");
        return (photo?.naturalWidth ?? 0) > 0;
      });
    }
  });

  it("[R4] a locked door: one knocks, the host lets in; no links; the host ends it for all", async () => {
    const { ann, bo } = await knocking();
    await ann.getByRole("button", { name: "Let in" }).click();
    await bo.getByRole("log").waitFor();
    await write(bo, "see https://example.org");
    await bo.getByText("This room takes no links", { exact: false }).waitFor();
    expect(await bo.getByRole("textbox", { name: "Your words" }).inputValue()).to.contain("see");
    await ann.getByRole("button", { name: "End it now" }).click();
    await ann.getByRole("button", { name: "End it now" }).click();
    await bo.getByText("The host has ended this room", { exact: false }).waitFor();
    expect(await left(bo, ["example.org"])).to.deep.equal([]);
  });

  it("[R4] a note of the day that its host was writing is there when he comes back, until it is pinned", async () => {
    const ann = await come();
    await makeRoom(ann);
    const room = await ann.evaluate(() => location.hash);
    const drafts = (): Promise<string[]> =>
      ann.evaluate(() => Object.keys(localStorage).filter((key) => key.endsWith(":motd")));
    const note = ann.getByRole("textbox", { name: "Note of the day" });
    await ann.getByText("You are the host").click();
    await note.fill("Tea at five");
    await ann.keyboard.press("Escape");
    await note.waitFor({ state: "detached" });
    await ann.evaluate((hash) => (location.hash = hash), room);
    await ann.getByText("You are the host").click();
    expect(await note.inputValue()).to.equal("Tea at five");
    expect(await drafts()).to.have.length(1);
    await ann.getByRole("button", { name: "Pin it" }).click();
    await ann.locator(".motd", { hasText: "Tea at five" }).waitFor();
    await until(async () => (await drafts()).length === 0, "the draft to go");
    // What is not pinned goes with its room.
    await note.fill("Tea at six");
    expect(await drafts()).to.have.length(1);
    for (let i = 0; i < 2; i += 1) await ann.getByRole("button", { name: "End it now" }).click();
    await ann.getByText("The host has ended this room", { exact: false }).waitFor();
    expect(await left(ann, ["Tea at"])).to.deep.equal([]);
  });

  it("[R11] the tree: one countdown for everybody, pushed; a letter that comes to hand", async () => {
    const ann = await come("#/tree");
    const bo = await come("#/tree", {}, (page) => keepBack(page, "room:list", "hole:ticked"));
    await ann.getByRole("textbox", { name: "Your letter to the tree" }).fill("Keep this, tree");
    await ann.getByRole("button", { name: "Put it in" }).click();
    await bo.getByText("a few letters lie in it").waitFor();
    await bo.getByText(/until it is wiped/).waitFor();
    // What it was when he asked does not come back with the last answer to that.
    await pause(300);
    expect(await bo.getByText("a few letters lie in it").isVisible()).to.equal(true);
    await bo.getByRole("button", { name: "Read one" }).click();
    await bo.getByText("Keep this, tree").waitFor();
  });

  it("[S8] the lanterns: two meet, go on, and one reports and leaves in one action", async () => {
    const [ann, bo] = [await come("#/lanterns"), await come("#/lanterns")];
    for (const page of [ann, bo])
      await page.getByRole("button", { name: "Light my lantern" }).click();
    for (const page of [ann, bo]) await page.getByRole("log").waitFor();
    await write(ann, "Good evening");
    await heard(bo, "Good evening");
    await bo.getByRole("button", { name: "Next" }).click();
    await ann.getByText("The other has gone.", { exact: false }).waitFor();
    expect(await left(ann, ["Good evening"])).to.deep.equal([]);
    await ann.getByRole("button", { name: "Light it again" }).click();
    for (const page of [ann, bo])
      await page.getByText("You two have met before", { exact: false }).waitFor();
    for (const page of [ann, bo]) await page.getByRole("log").waitFor();
    await write(bo, "You again");
    await heard(ann, "You again");
    await ann.getByRole("button", { name: "Report and leave" }).click();
    await ann.getByRole("button", { name: "Harassment" }).click();
    await ann.getByText("you are away from there", { exact: false }).waitFor();
    await bo.getByText("The other has gone.", { exact: false }).waitFor();
    expect(await left(ann, ["You again"])).to.deep.equal([]);
  });

  it("[M11] by keyboard alone: to the lighthouse, a room of one's own, a word", async () => {
    const ann = await come();
    await tabTo(ann, "Lighthouse");
    await ann.keyboard.press("Enter");
    await ann.getByRole("button", { name: "Light a room" }).waitFor();
    expect(
      await ann.getByRole("link", { name: "Lighthouse" }).getAttribute("aria-current"),
    ).to.equal("page");
    await tabTo(ann, "Light a room");
    await ann.keyboard.press("Enter");
    await tabTo(ann, "Light it");
    await ann.keyboard.press("Enter");
    await ann.getByRole("log").waitFor();
    await tabTo(ann, "Your words");
    await ann.keyboard.type("Alone, and fine");
    await ann.keyboard.press("Control+Enter");
    await heard(ann, "Alone, and fine");
    await ann.keyboard.type("By the button");
    await tabTo(ann, "Send");
    await ann.keyboard.press("Enter");
    await heard(ann, "By the button");
    expect(
      await ann.evaluate(() => document.activeElement?.tagName),
      "one goes on where one writes",
    ).to.equal("TEXTAREA");
    await ann.keyboard.press("Escape");
    await ann.getByRole("log").waitFor({ state: "detached" });
  });

  it("[M11] axe finds nothing at any place, in both lights and languages; 320 px cuts nothing off", async () => {
    const found: string[] = [];
    for (const [locale, light] of [
      ["en-GB", "night"],
      ["zh-CN", "day"],
    ] as const) {
      const page = await come("", { locale, viewport: { width: 320, height: 568 } });
      const isEnglish = locale === "en-GB";
      await page.evaluate((value) => localStorage.setItem("driftsea:choice:light", value), light);
      await page.reload();
      await page.getByRole("link", { name: isEnglish ? "Lighthouse" : "灯塔" }).click();
      await page.getByRole("button", { name: isEnglish ? "Light a room" : "点一盏灯" }).click();
      await page.getByRole("button", { name: isEnglish ? "Light it" : "点亮" }).click();
      await page.getByRole("log").waitFor();
      const words = page.getByRole("textbox", { name: isEnglish ? "Your words" : "你的话" });
      await words.fill("a word 一句话");
      await words.press("Control+Enter");
      await page.locator(".log .words").waitFor();
      for (const summary of await page.locator("summary").all())
        if ((await summary.locator("..").getAttribute("open")) === null) await summary.click();
      const room = await page.evaluate(() => location.hash);
      for (const sheet of [room, "#/lighthouse", "#/tree", "#/lanterns"]) {
        await page.evaluate((hash) => (location.hash = hash), sheet);
        await page.locator(".sheet .primary").first().waitFor();
        for (const fault of await faultsOf(page))
          found.push(`${locale} ${light} ${sheet} ${fault}`);
      }
    }
    expect(found).to.deep.equal([]);
  });
});

/** A room of this page is made for so long, in ms: no form offers so short a life. */
async function shorten(page: Page, ms: number): Promise<void> {
  await page.routeWebSocket(/socket\.io/, (line) => {
    const server = line.connectToServer();
    line.onMessage((packet) =>
      server.send(String(packet).replace(/("kind":"fixed","ms":)\d+/, `$1${ms}`)),
    );
  });
}
