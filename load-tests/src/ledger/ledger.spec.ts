import { expect } from "chai";
import type { Fact } from "./facts.ts";
import { Ledger } from "./ledger.ts";
import { StreamReader } from "./stream.ts";

const audited = (...facts: Fact[]) => {
  const ledger = new Ledger();
  for (const fact of facts) ledger.tell(fact);
  return ledger.audit();
};
const held = (by: string, from: number, to: number): Fact => ({
  fact: "held",
  bottle: "b",
  by,
  from,
  to,
});
const acknowledged = (what: string): Fact => ({ fact: "acknowledged", what });
const arrived = (what: string): Fact => ({ fact: "arrived", what });
const met = (who: string, room = "r"): Fact => ({ fact: "met", meet: "m", room, who });

describe("the ledger of a load test", () => {
  it("[M10] finds nothing where all went well, in whatever order it hears of it", () => {
    const facts = [
      held("ann", 10, 20),
      held("bo", 21, Infinity),
      acknowledged("x"),
      arrived("x"),
      met("ann"),
      met("bo"),
      met("bo"),
    ];
    for (const order of [facts, facts.toReversed()])
      expect(audited(...order)).to.deep.equal({ count: 0, violations: [] });
  });

  it("[M10] finds a lease that was given twice, though it hears of it late", () => {
    for (const facts of [
      [held("ann", 10, 20), held("bo", 19, 30)],
      [held("bo", 19, 30), held("ann", 10, 20)],
      [held("ann", 10, Infinity), held("bo", 500, 501)],
    ]) {
      const { violations } = audited(...facts);
      expect(violations.map(({ kind }) => kind)).to.deep.equal(["double lease"]);
      expect(violations[0]!.text).to.include("bottle b").and.include("ann").and.include("bo");
    }
  });

  it("[M10] finds what was acknowledged and lost, and what came twice; not what nobody acknowledged", () => {
    expect(audited(acknowledged("x"), arrived("y"), arrived("y"), arrived("z"))).to.deep.equal({
      count: 2,
      violations: [
        { kind: "duplicate", text: "y came 2 times" },
        { kind: "lost", text: "x was acknowledged and never seen" },
      ],
    });
  });

  it("[M10] finds a meeting of one, of three, and of two in different rooms", () => {
    const kinds = (...facts: Fact[]) => audited(...facts).violations.map(({ kind }) => kind);
    expect(kinds(met("ann"))).to.deep.equal(["lost"]);
    const parted = (meet: string, who: string): Fact => ({ fact: "parted", meet, who });
    expect(kinds(met("ann"), parted("another", "ann"))).to.deep.equal(["lost"]);
    expect(kinds(met("ann"), parted("m", "ann"))).to.deep.equal([]);
    expect(kinds(met("ann"), parted("m", "bo")), "of its end another").to.deep.equal(["lost"]);
    expect(kinds(met("ann"), met("bo"), met("cy"))).to.deep.equal(["duplicate"]);
    expect(kinds(met("ann"), met("bo", "another"))).to.deep.equal(["lost"]);
  });

  it("[M10] interrupted, it counts what was broken, and not what had no time to come", () => {
    const ledger = new Ledger();
    for (const fact of [acknowledged("x"), met("ann"), arrived("y"), arrived("y")])
      ledger.tell(fact);
    expect(ledger.audit(true).violations.map(({ kind }) => kind)).to.deep.equal(["duplicate"]);
    expect(ledger.audit().count).to.equal(3);
  });

  it("[M10] counts all, and keeps no more words than can be read", () => {
    const ledger = new Ledger();
    for (let i = 0; i < 3000; i += 1)
      ledger.tell({ fact: "broken", kind: "gap", text: `gap ${i}` });
    expect(ledger.broken).to.equal(3000);
    expect(ledger.audit().count).to.equal(3000);
    expect(ledger.audit().violations).to.have.length(1000);
  });

  it("[M10] a reader finds a gap, a repetition, and at the end what it never saw", () => {
    const told: string[] = [];
    const reader = new StreamReader("ann", 4, (fact) => {
      if (fact.fact === "broken") told.push(`${fact.kind}: ${fact.text}`);
    });
    for (const seq of [5, 6, 6, 9, 10]) reader.saw(seq);
    reader.mustHaveSeen(10);
    expect(reader.head).to.equal(10);
    reader.mustHaveSeen(12);
    reader.skipTo(20);
    reader.saw(21);
    expect(told).to.deep.equal([
      "duplicate: ann saw 6 again",
      "gap: ann saw 9 after 6",
      "lost: ann never saw 11 to 12, which were acknowledged",
    ]);
  });
});
