import { expect } from "chai";
import { needRedis } from "../../../server/test/harness/redis.ts";
import { STRIKES, runCampaign } from "./campaign.ts";

/** What each must hold, as its title says. */
const RULES: Record<keyof typeof STRIKES, string> = {
  "kill-server": "[M9] kill -9 of the server: nothing acknowledged is lost, nothing is twice",
  "kill-redis": "[M9] kill -9 of Redis: nothing acknowledged is lost, the process stays",
  terminate: "[M9] SIGTERM: nothing acknowledged is lost, everybody is told",
  "stop-redis": "[M9] Redis stands still: unavailable, /readyz 503, and as before afterwards",
  "cut-net": "[M9] no net to Redis: unavailable, /readyz 503, and as before afterwards",
  bottles: "[B4] [B12] servers are killed while all catch: one holder, none lost, none twice",
  slow: "[R6] a tenth stop reading: they are cut, miss nothing in the end, and nobody waits for them",
  dropped: "[M9] a crowd loses its lines: it is back, and who stayed hardly notices",
  "slow-sockets":
    "[M9] sockets that say nothing or drip are out within 15 s, on either engine; others write on",
  flooder: "[M9] whoever sends as fast as he can is put out, on either engine; others write on",
  clocks:
    "[M9] [R1] [B12] clocks that are an hour wrong: nothing ends early or late, no double lease",
  soak: "[M10] a soak, and then nobody: no invariant is broken, nothing stays open",
  master: "[M9] a Cluster's master is killed: written again, nothing twice",
};

/** What is judged by times above all runs where it was asked for: a busy machine is no fault of the server. */
const BY_FLAG = new Set(["slow", "dropped", "soak", "master"]);

describe("the fault campaign, in its short form", function () {
  this.timeout(120_000);
  before(function () {
    needRedis(this);
  });

  for (const [name, title] of Object.entries(RULES)) {
    if (BY_FLAG.has(name) && !process.env["DRIFTSEA_LONG"]) continue;
    it(title, async function () {
      const seed = `gate ${Date.now()}`;
      const notes: string[] = [];
      const note = (text: string): void => void notes.push(text);
      const campaign = { seed, only: [name], isLong: false, times: null, soakMs: 5000, note };
      const { [name]: finding } = await runCampaign(campaign);
      if (finding!.skipped !== undefined) {
        if (process.env["DRIFTSEA_REQUIRE_ALL"]) throw new Error(finding!.skipped);
        this.skip();
      }
      expect(finding!.faults, `seed "${seed}"\n${notes.join("\n")}`).to.deep.equal([]);
    });
  }

  it("has a test for each of its scenarios", () => {
    expect(Object.keys(RULES).sort()).to.deep.equal(Object.keys(STRIKES).sort());
  });
});
