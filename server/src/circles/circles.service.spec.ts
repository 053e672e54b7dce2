import { expect } from "chai";
import { LIMITS } from "@driftsea/protocol";
import type { CircleId } from "@driftsea/protocol";
import { contextOf, openFeed } from "../../test/harness/feed.ts";

const [ann, bo, cy] = ["ann", "bo", "cy"] as CircleId[] as [CircleId, CircleId, CircleId];

describe("circles", () => {
  const codeOf = (failing: Promise<unknown>): Promise<unknown> =>
    failing.then(
      () => "done",
      (error: { code: string }) => error.code,
    );

  it("[F2] a link that made no friendship was not used: it is gone each time, and good when there is room", async () => {
    const { circles, circleStore } = openFeed();
    for (const one of [ann, bo, cy]) await circles.arrived(one);
    const { code } = await circles.invite(contextOf(ann), 1);
    const link = circleStore.link.bind(circleStore);
    circleStore.link = (one, most) => link(one, most - LIMITS.friends);
    for (let i = 0; i < 2; i += 1)
      expect(await codeOf(circles.accept(bo, code)), `${i}`).to.equal("gone");
    circleStore.link = link;
    expect(await codeOf(circles.accept(bo, code))).to.equal("done");
    expect(await codeOf(circles.accept(bo, code))).to.equal("done");
    expect((await circles.status(bo)).friends).to.equal(1);
    expect(await codeOf(circles.accept(cy, code)), "it was for one").to.equal("gone");
  });

  it("[F2] the link of somebody who was forgotten is gone each time", async () => {
    const { circles } = openFeed();
    for (const one of [ann, bo]) await circles.arrived(one);
    const { code } = await circles.invite(contextOf(ann), 1);
    await circles.erase(ann);
    for (let i = 0; i < 2; i += 1)
      expect(await codeOf(circles.accept(bo, code)), `${i}`).to.equal("gone");
  });

  it("[session:forget] whoever was forgotten is noted as here no more, though his line has not ended yet", async () => {
    const { circles, circleStore } = openFeed();
    await circles.arrived(ann);
    await circles.erase(ann);
    await circles.touchAll();
    expect(await circleStore.activity([ann])).to.deep.equal([0]);
  });
});
