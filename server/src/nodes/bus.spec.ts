import { createHmac, randomBytes } from "node:crypto";
import { expect } from "chai";
import type { DrifterId, SeaId } from "@driftsea/protocol";
import { until } from "../../test/harness/visitor.ts";
import { systemClock } from "../lib/clock.ts";
import { Bus, DEAF_MS } from "./bus.ts";
import { PARTITIONS, partitionOf } from "./nodes.keys.ts";
import type { WakeUps } from "./wake-ups.ts";

/** Pub/Sub in this process: whoever is open hears everything, in order. */
class Hub {
  readonly ears = new Set<(partition: number, text: string) => void>();
  readonly texts: [partition: number, text: string][] = [];
  key = randomBytes(32);
  loses: (text: string) => boolean = () => false;

  wakeUps(): WakeUps {
    return {
      isOpen: true,
      open: async (hear) => void this.ears.add(hear),
      publish: async (partition, text) => this.put(partition, text),
      key: async () => this.key,
      close: () => {},
    };
  }

  put(partition: number, text: string): void {
    this.texts.push([partition, text]);
    if (this.loses(text)) return;
    for (const hear of this.ears) hear(partition, text);
  }
}

describe("what processes tell each other", () => {
  let hub: Hub;
  const open = async (node: string, others: string[] = []) => {
    const counts = { sent: 0, gaps: 0, missed: 0 };
    const dropped: string[] = [];
    const heard: string[] = [];
    const faults: unknown[] = [];
    const bus = new Bus({
      wakeUps: hub.wakeUps(),
      node,
      clock: systemClock,
      onSent: () => (counts.sent += 1),
      onDropped: (reason) => void dropped.push(reason),
      onGap: () => (counts.gaps += 1),
      onFault: (error) => void faults.push(error),
    });
    bus.hear("sea-used", ({ sea }) => void heard.push(sea));
    bus.onMissed(async () => void (counts.missed += 1));
    await bus.start();
    await bus.greet(others);
    counts.missed = 0;
    return { bus, counts, dropped, heard, faults };
  };
  const two = async () => {
    const one = await open("one");
    const other = await open("other", ["one"]);
    return { one, other };
  };
  const tell = (from: Bus, sea: string) => from.tell("here", "sea-used", { sea: sea as SeaId });
  beforeEach(() => {
    hub = new Hub();
  });

  it("[M9] who is alone tells nobody; who has just come is told everything, and in order", async () => {
    const one = await open("one");
    await tell(one.bus, "unheard");
    expect(hub.texts).to.deep.equal([]);
    const other = await open("other", ["one"]);
    for (let i = 0; i < 50; i += 1) void tell(i % 2 ? one.bus : other.bus, `${i}`);
    expect(other.heard).to.deep.equal(Array.from({ length: 25 }, (_, i) => `${2 * i + 1}`));
    expect(one.heard).to.deep.equal(Array.from({ length: 25 }, (_, i) => `${2 * i}`));
    await one.bus.beat([]);
    await tell(one.bus, "to nobody");
    expect(other.heard).to.have.length(25);
  });

  it("[M9] a name has one partition of few, the same in every process", () => {
    const all = Array.from({ length: 10_000 }, (_, i) => partitionOf(`name ${i}`));
    expect(new Set(all).size).to.equal(PARTITIONS);
    expect(Math.max(...all)).to.equal(PARTITIONS - 1);
    expect(partitionOf("漂流")).to.equal(partitionOf("漂流"));
  });

  it("[M9] what is forged, changed, of another channel, repeated or old is not heard, and counted", async () => {
    const { one, other } = await two();
    await tell(one.bus, "first");
    const [partition, text] = hub.texts.at(-1)!;
    const now = Date.now();
    const day = Math.floor(now / 86_400_000);
    const signed = (key: Buffer, at: number): string => {
      const head = `${day} one 99 ${at}`;
      const json = JSON.stringify({ kind: "sea-used", what: { sea: "evil" } });
      const mac = createHmac("sha256", key).update(`${partition} ${head} ${json}`).digest();
      return `${head} ${mac.toString("base64url")} ${json}`;
    };
    const bad = [
      [partition, signed(randomBytes(32), now), "forged"],
      [partition, text.replace("first", "other"), "forged"],
      [(partition + 1) % PARTITIONS, text, "forged"],
      [partition, "nonsense", "forged"],
      [partition, "", "forged"],
      [partition, signed(hub.key, now - 60_000), "stale"],
      [partition, text, "replayed"],
    ] as const;
    for (const [at, what] of bad) hub.put(at, what);
    expect(other.heard).to.deep.equal(["first"]);
    expect(other.dropped).to.deep.equal(bad.map(([, , reason]) => reason));
    expect(other.counts.gaps).to.equal(0);
    // The same, made as it should be, is heard: the number says that much was lost before it.
    hub.put(partition, signed(hub.key, now));
    expect(other.heard).to.deep.equal(["first", "evil"]);
    expect(other.counts).to.include({ gaps: 1, missed: 1 });
  });

  it("[M9] one that was lost is noticed by the next, or else by two beats", async () => {
    const { one, other } = await two();
    await tell(one.bus, "first");
    hub.loses = (text) => text.includes("lost");
    await tell(one.bus, "lost");
    await tell(one.bus, "next");
    expect(other.counts).to.include({ gaps: 1, missed: 1 });
    await tell(one.bus, "lost again");
    await one.bus.beat(["other"]);
    expect(other.counts.gaps, "it may be on its way").to.equal(1);
    await one.bus.beat(["other"]);
    expect(other.counts).to.include({ gaps: 2, missed: 2 });
    for (let i = 0; i < 5; i += 1) await one.bus.beat(["other"]);
    expect(other.counts.gaps).to.equal(2);
    expect(other.faults).to.deep.equal([]);
  });

  it("[M9] who hears nothing knows it, looks again and again, and once more when it hears", async () => {
    const { one, other } = await two();
    expect(other.bus.isDeaf).to.equal(false);
    hub.loses = () => true;
    await until(() => other.bus.isDeaf, "deafness", DEAF_MS + 1000);
    for (let i = 0; i < 8; i += 1) await other.bus.beat(["one"]);
    expect(other.counts.missed).to.be.within(2, 3);
    hub.loses = () => false;
    const before = other.counts.missed;
    await other.bus.beat(["one"]);
    expect(other.bus.isDeaf).to.equal(false);
    await until(() => other.counts.missed > before, "one more look");
    expect(one.faults).to.deep.equal([]);
  });

  it("[M9] who was taken for dead is told again what it is told from, as soon as it beats", async () => {
    const { one, other } = await two();
    await one.bus.beat([]);
    await tell(one.bus, "to nobody");
    expect(other.heard).to.deep.equal([]);
    await other.bus.beat(["one"]);
    expect(other.counts.missed, "it looks for what it missed").to.be.greaterThan(0);
    await tell(one.bus, "again");
    expect(other.heard).to.deep.equal(["again"]);
  });

  it("[M9] two who took each other for dead both look for what they missed, and hear each other", async () => {
    const { one, other } = await two();
    for (const { bus } of [one, other]) await bus.beat([]);
    await other.bus.beat(["one"]);
    for (const { counts } of [one, other]) expect(counts.missed).to.be.greaterThan(0);
    await tell(one.bus, "to the other");
    await tell(other.bus, "to the one");
    expect([one.heard, other.heard]).to.deep.equal([["to the one"], ["to the other"]]);
  });

  it("[M9] an answer is waited for from everybody alive, asked for again, and not for ever", async () => {
    const { one, other } = await two();
    const drifter = "ann" as DrifterId;
    let begun = 0;
    let done = (): void => {};
    other.bus.hear("forgetting", () => {
      begun += 1;
      return new Promise<void>((resolve) => (done = resolve));
    });
    let isOver = false;
    const asked = one.bus.ask("ann", "forgetting", { drifter }).then(() => (isOver = true));
    expect([begun, isOver]).to.deep.equal([1, false]);
    done();
    await asked;
    hub.loses = (text) => text.includes("forgetting") && begun < 2 && (begun += 1) < 3;
    const again = one.bus.ask("ann", "forgetting", { drifter });
    await until(() => begun > 2, "a second asking");
    done();
    await again;
    hub.loses = (text) => text.includes("forgetting");
    const began = performance.now();
    await one.bus.ask("ann", "forgetting", { drifter });
    expect(performance.now() - began).to.be.within(DEAF_MS, DEAF_MS + 2000);
    // One that has died is waited for no longer.
    const dying = one.bus.ask("ann", "forgetting", { drifter });
    await one.bus.beat([]);
    await dying;
  });

  it("[M9] where the store was emptied, those who have the old key learn the new one", async () => {
    const one = await open("one");
    hub.key = randomBytes(32);
    const other = await open("other", ["one"]);
    await tell(one.bus, "under the old key");
    expect(other.heard).to.deep.equal([]);
    await one.bus.beat(["other"]);
    await tell(one.bus, "under the new one");
    expect(other.heard).to.deep.equal(["under the new one"]);
    expect(one.dropped).to.include("forged");
  });
});
