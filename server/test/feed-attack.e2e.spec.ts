import { expect } from "chai";
import { CIRCLE, EPOCH_MS, befriend, circleOf, feedOf, nextEpoch } from "./harness/circle.ts";
import { posts, untilShown } from "./harness/circle.ts";
import { onEverySetup } from "./harness/server.ts";
import { Visitor, pause } from "./harness/visitor.ts";

const ESTABLISHED_AFTER_MS = 5000;

/** A reader, five friends of his, and two who are friends of all five but not his: k = 5 hold here. */
const HONEST = ["reader", "a", "b", "c", "d", "e", "x", "y"] as const;
const PAIRS = (["a", "b", "c", "d", "e"] as const).flatMap((one) =>
  (["reader", "x", "y"] as const).map((other) => [one, other] as const),
);

onEverySetup("the attack of 2014", (setup) => {
  it("[F14] 7, 10 and 50 fresh accounts, each with a victim: no circle secret is shown, and honest ones are", async function () {
    this.timeout(40_000);
    const server = await setup.start({
      ...CIRCLE,
      CIRCLE_MIN_FRIENDS: 3,
      CIRCLE_K: 5,
      ESTABLISHED_AFTER_MS,
    });
    const honest = await circleOf(server.url, HONEST, PAIRS);
    const victims = await Promise.all([7, 10, 50].map(() => Visitor.come(server.url)));
    await pause(ESTABLISHED_AFTER_MS);
    const clouds = await Promise.all(
      [7, 10, 50].map((size, i) => cloudAround(server.url, victims[i]!, size)),
    );
    await nextEpoch();
    for (const one of [...clouds.map(([spy]) => spy!), honest.reader]) {
      await one.ask("feed:open", {});
    }
    for (const victim of victims) await posts(victim, "I am alone with them");
    await posts(honest.a, "we are five");
    await untilShown(honest.reader, "we are five");
    await pause(EPOCH_MS);
    for (const fake of clouds.flat()) {
      expect(await feedOf(fake)).to.deep.equal([]);
      expect(fake.events("feed:posted")).to.deep.equal([]);
    }
  });
});

onEverySetup("a patient spy", (setup) => {
  it("[F2] [F3] a heart opens no way around k: who hides in nobody is not shown by it", async function () {
    this.timeout(20_000);
    const server = await setup.start({ ...CIRCLE, CIRCLE_MIN_FRIENDS: 3, CIRCLE_K: 5 });
    // The spy's own old accounts count for him; they hide each other, and nobody else.
    const all = await circleOf(
      server.url,
      [...HONEST, "victim", "p", "q"],
      [...PAIRS, ["victim", "reader"], ["victim", "p"], ["victim", "q"]],
    );
    await nextEpoch();
    const { victim, reader: spy, p } = all;
    for (const one of [victim, spy, p]) await one.ask("feed:open", {});
    const { post } = await posts(victim, "only you three");
    await posts(all.a, "of the cloud");
    await untilShown(spy, "of the cloud");
    for (const one of [victim, p]) await one.ask("feed:heart", { postId: post.id, on: true });
    await nextEpoch();
    expect(await feedOf(spy)).to.deep.equal(["of the cloud"]);
    const told = spy.events("feed:posted").map((event) => event.post.text);
    expect(told).to.not.include("only you three");
  });
});

/** Tied in the way in which they would count, were they not fresh; the first is the victim's friend. */
async function cloudAround(url: string, victim: Visitor, size: number): Promise<Visitor[]> {
  const fakes = await Promise.all(Array.from({ length: size }, () => Visitor.come(url)));
  const [spy, ...rest] = fakes;
  const near = rest.slice(0, Math.ceil(rest.length / 2));
  for (const fake of near) {
    await befriend(spy!, fake);
    for (const far of rest.slice(near.length, near.length + 2)) await befriend(fake, far);
  }
  await befriend(victim, spy!);
  return fakes;
}
