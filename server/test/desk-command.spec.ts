import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "chai";
import { deskCommand } from "./harness/desk.ts";
import { needRedis, startRedis } from "./harness/redis.ts";

const PASSWORD = "a long enough one";

describe("accounts of moderators, by the operator's command", function () {
  this.timeout(90_000);
  let dataDir: string;
  before(function () {
    needRedis(this);
  });
  beforeEach(() => {
    dataDir = mkdtempSync(join(tmpdir(), "driftsea-desk-"));
  });
  afterEach(() => rmSync(dataDir, { recursive: true, force: true }));

  it("[M2] makes, lists, resets and removes them; every line of it stands in the log", async () => {
    const redis = await startRedis();
    try {
      const run = (args: string[], input = "") =>
        deskCommand({ REDIS_URL: redis!.url }, args, input);
      const made = await run(["add", "mo"], `${PASSWORD}\n`);
      expect([made.code, made.errors]).to.deep.equal([0, ""]);
      expect(made.output).to.match(/otpauth:\/\/totp\/Driftsea%3Amo\?secret=[A-Z2-7]{32}&/);
      expect(made.output, "a code that can be scanned").to.match(/█.{20,}█/);
      expect(made.output).not.to.include(PASSWORD);
      const again = await run(["add", "mo"], `${PASSWORD}\n`);
      expect(again).to.include({ code: 1, errors: "mo: there is such an account already\n" });
      expect((await run(["list"])).output).to.match(/^\d{4}-\S+Z {2}mo\n$/);
      expect((await run(["reset", "mo"], PASSWORD)).output).to.match(/^secret: [A-Z2-7]{32}$/m);
      expect((await run(["remove", "mo"])).code).to.equal(0);
      expect((await run(["list"])).output).to.equal("There are no moderators.\n");
      expect((await run(["check-log"])).output).to.match(/^3 lines, each as it was written/);
      expect((await run(["list", "mo"])).errors).to.include("npm run desk:account");
    } finally {
      await redis!.stop();
    }
  });

  it("[M2] without a server it opens the private Redis itself, and leaves it as it was", async () => {
    const run = (args: string[], input = "") => deskCommand({ DATA_DIR: dataDir }, args, input);
    expect((await run(["add", "mo"], PASSWORD)).code).to.equal(0);
    expect((await run(["list"])).output).to.include("mo");
  });

  it("[M2] says plainly that nobody can be made where all is in memory", async () => {
    const { code, errors } = await deskCommand(
      { PATH: "", DATA_DIR: dataDir },
      ["add", "mo"],
      PASSWORD,
    );
    expect(code).to.equal(1);
    expect(errors).to.include("neither REDIS_URL nor a redis-server");
  });
});
