import { expect } from "chai";
import { CIRCLE, EPOCH_MS, befriend, circleOf, feedOf, nextEpoch } from "./harness/circle.ts";
import { posts, untilShown } from "./harness/circle.ts";
import { onEverySetup } from "./harness/server.ts";
import { Visitor, pause } from "./harness/visitor.ts";

const ESTABLISHED_AFTER_MS = 2500;

/** A reader, five friends of his, and two who are friends of all five but not his: k = 5 hold here. */
const HONEST = ["reader", "a", "b", "c", "d", "e", "x", "y"] as const;
const PAIRS = (["a", "b", "c", "d", "e"] as const).flatMap((one) =>
  (["reader", "x", "y"] as const).map((other) => [one, other] as const),
);

onEverySetup("the attack of 2014", (setup) => {
  for (const size of [7, 10, 50]) {
    it(`[F14] ${size} fresh accounts and one victim: no circle secret is shown, and honest ones are`, async function () {
      this.timeout(40_000);
      const server = await setup.start({
        ...CIRCLE,
        CIRCLE_MIN_FRIENDS: 3,
        CIRCLE_K: 5,
        ESTABLISHED_AFTER_MS,
      });
      const honest = await circleOf(server.url, HONEST, PAIRS);
      const victim = await Visitor.come(server.url);
      await pause(ESTABLISHED_AFTER_MS);
      const fakes = await Promise.all(Array.from({ length: size }, () => Visitor.come(server.url)));
      const [spy, ...rest] = fakes;
      const near = rest.slice(0, Math.ceil(rest.length / 2));
      // Tied in the way in which they would count, were they not fresh.
      for (const fake of near) {
        await befriend(spy!, fake);
        for (const far of rest.slice(near.length, near.length + 2)) await befriend(fake, far);
      }
      await befriend(victim, spy!);
      await nextEpoch();
      for (const one of [spy!, honest.reader]) await one.ask("feed:open", {});
      await posts(victim, "I am alone with them");
      await posts(honest.a, "we are five");
      await untilShown(honest.reader, "we are five");
      await pause(EPOCH_MS);
      for (const fake of fakes) expect(await feedOf(fake)).to.deep.equal([]);
      expect(fakes.flatMap((fake) => fake.events("feed:posted"))).to.deep.equal([]);
    });
  }
});
