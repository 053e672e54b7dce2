import { fileURLToPath } from "node:url";
import { expect } from "chai";
import type { ModeratorId } from "../../server/src/review/review.ts";
import { startServer } from "../../server/test/harness/server.ts";
import type { TestServer } from "../../server/test/harness/server.ts";
import { AT_ONCE_MS, Visitor, writeId } from "../../server/test/harness/visitor.ts";
import { inBrowser } from "./harness.ts";

const moderator = "one" as ModeratorId;

describe("a review in the page", function () {
  this.timeout(60_000);
  let server: TestServer;
  const { visit } = inBrowser();
  before(async () => {
    const client = fileURLToPath(new URL("../dist", import.meta.url));
    server = await startServer({ REPORTER_FRESH_MS: 0 }, () => {}, client);
  });
  after(() => server?.close());

  it("[M1] a message goes from an open room at once, and is back there when it is kept", async () => {
    const [bo, eve] = await Promise.all([Visitor.come(server.url), Visitor.come(server.url)]);
    const lifetime = { kind: "fixed", ms: 600_000 } as const;
    const made = await bo.ask("room:create", { id: writeId(), lifetime, access: "listed" });
    const roomId = made.room.id;
    for (const who of [bo, eve]) await who.ask("room:enter", { roomId });
    const page = await visit(`${server.url}/#/room/${roomId}`);
    await page.getByRole("button", { name: "Enter" }).click();
    const log = page.getByRole("log");
    await log.waitFor();
    for (const text of ["good evening", "See you at the harbour"])
      await bo.ask("room:send", { id: writeId(), roomId, text });
    const words = log.getByText("See you at the harbour", { exact: true });
    await words.waitFor();
    const target = { kind: "room", id: roomId, seq: 2 } as const;
    await eve.ask("safety:report", { id: writeId(), target, reason: "threat" });
    await words.waitFor({ state: "detached", timeout: AT_ONCE_MS });
    expect(await page.content()).to.not.include("See you at the harbour");
    const [item] = await server.review.queue(moderator, 10);
    await server.review.decide(moderator, item!.id, "keep", "mistake");
    await words.waitFor({ timeout: AT_ONCE_MS });
    await log.getByText("good evening", { exact: true }).waitFor();
  });
});
