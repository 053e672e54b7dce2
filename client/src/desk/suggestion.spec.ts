import { expect } from "chai";
import { decisionsOf, reasonsFor, suggested } from "./suggestion.ts";

describe("what the desk suggests", () => {
  const reported = (...words: [string, number][]) => ({
    urgency: "normal" as const,
    reasons: words.map(([reason, count]) => ({ reason, count })),
  });

  it("[M2] the reason that most people gave comes first; to keep it, that no rule is broken", () => {
    const item = reported(["spam", 1], ["sexual", 3]);
    expect(suggested(item, "remove")).to.equal("sexual");
    expect(suggested(item, "keep")).to.equal("rules-not-broken");
    const all = reasonsFor(item, "remove");
    expect(all[0]).to.equal("sexual");
    expect(new Set(all).size).to.equal(10);
    expect(suggested(reported(["a new word", 9]), "remove")).to.equal("other");
    expect(suggested(reported(), "remove")).to.equal("other");
  });

  it("[M6] whoever is in need is looked after, and no penalty is offered", () => {
    expect(decisionsOf({ urgency: "care", kind: "letter" })).to.deep.equal(["keep", "remove"]);
    expect(suggested({ ...reported(["self-harm", 1]), urgency: "care" }, "keep")).to.equal("care");
    expect(suggested(reported(["self-harm", 2], ["spam", 1]), "remove")).to.equal("care");
  });

  it("[M2] no penalty is offered where nobody knows the author", () => {
    const most = decisionsOf({ urgency: "threat", kind: "bottle" });
    expect(most).to.include("remove-and-penalise");
    for (const kind of ["secret", "comment", "ask"] as const)
      expect(decisionsOf({ urgency: "threat", kind })).not.to.include("remove-and-penalise");
  });
});
