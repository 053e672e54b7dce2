import { expect } from "chai";
import type { ThreadId } from "@driftsea/protocol";
import { ManualClock } from "../lib/clock.ts";
import { ReviewQueue, heldTexts } from "./review-queue.ts";
import type { ForReview } from "./reviewers.ts";

describe("what screening puts into the review queue", () => {
  const put = async (more: Partial<ForReview>, side: 0 | 1 | null = 1) => {
    const calls: unknown[][] = [];
    const record =
      (name: string) =>
      async (...args: unknown[]): Promise<void> =>
        void calls.push([name, ...args]);
    const queue = new ReviewQueue({
      review: { hold: record("hold"), care: record("care"), open: record("open") },
      hasModerators: async () => true,
      writerOf: async (id, seq) => (id === ("t" as ThreadId) && seq === 4 ? side : null),
      clock: new ManualClock(1000),
    });
    const found: ForReview = {
      text: "words",
      where: "bottle",
      kinds: ["sexual"],
      urgency: "normal",
      mark: "mark",
      isHeld: false,
      target: null,
      isDoubted: false,
    };
    await queue.put({ ...found, ...more });
    return calls;
  };
  const when = { endsAt: 1000 + 7 * 24 * 60 * 60 * 1000, isDoubted: false };

  it("[M12] a text that waits is known by its mark, and lies there by the gravest word for it", async () => {
    const more = { urgency: "high", isHeld: true, kinds: ["slur", "phone"] } as const;
    expect(await put({ ...more, where: "comment" })).to.deep.equal([
      ["hold", "comment", "mark", "words", { urgency: "high", reason: "personal-data", ...when }],
    ]);
  });

  it("[M12] of a conversation of two it is said whose words they were, and else nobody's", async () => {
    const target = { kind: "thread", id: "t", seq: 4 } as const;
    const opened = (subject: object) => [
      ["open", { subject, texts: ["words"], reason: "sexual", urgency: "normal", ...when }],
    ];
    expect(await put({ where: "thread", target })).to.deep.equal(opened({ ...target, side: 1 }));
    expect(await put({ where: "answer", target }, 0)).to.deep.equal(opened({ ...target, side: 0 }));
    const nobodys = opened({ kind: "thread", id: "mark" });
    expect(await put({ where: "thread", target }, null)).to.deep.equal(nobodys);
    expect(await put({ where: "thread", target: { ...target, seq: 5 } })).to.deep.equal(nobodys);
  });

  it("[M6] words of crisis are care, wherever they stand", async () => {
    const target = { kind: "secret", id: "p" } as const;
    const found = { urgency: "care", kinds: ["crisis"], where: "secret" } as const;
    expect(await put({ ...found, target })).to.deep.equal([["care", target, "words", when]]);
    expect(await put({ ...found, where: "letter" })).to.deep.equal([
      ["care", { kind: "letter", id: "mark" }, "words", when],
    ]);
  });

  it("[M12] what is decided goes back by the mark, for every kind of text", async () => {
    const decided: string[] = [];
    const holders = heldTexts(async (mark, state) => void decided.push(`${mark} ${state}`));
    for (const [kind, holder] of Object.entries(holders)) {
      await holder.restore({ kind: "bottle", id: `${kind} kept` });
      await holder.remove({ kind: "bottle", id: `${kind} gone` });
      expect(await holder.author({ kind: "bottle", id: kind })).to.equal(null);
    }
    const kinds = ["bottle", "thread", "room", "title", "letter", "secret", "comment", "ask"];
    expect(decided).to.have.members(
      kinds.flatMap((kind) => [`${kind} kept allowed`, `${kind} gone refused`]),
    );
  });
});
