import type { DrifterId } from "@driftsea/protocol";
import type { TimedStore } from "../../test/harness/each-store.ts";
import { below } from "../lib/random.ts";
import type { MeetStore } from "./meets.store.ts";
import { RELAX, World, aWhile, key } from "./meets.world.ts";

/** After this a process sees to what another has left, in ms. */
const SWEEP_AGE = 2100;
const WORDS = ["tea", "go", "海"];

/** What one drifter does at a step, through the process that he is connected to. */
async function act(world: World, who: DrifterId): Promise<void> {
  const { rng } = world;
  const page = world.page(who);
  const roll = rng.uniform();
  if (page.node === null || roll < 0.45) {
    page.node ??= below(rng, 2);
    const interests = rng.uniform() < 0.4 ? [world.pick(WORDS), world.pick(WORDS)] : [];
    const mode = rng.uniform() < 0.2 ? "shake" : "random";
    page.turnTo("waiting");
    return world.services[page.node]!.seek(who, { interests, mode });
  }
  const service = world.services[page.node]!;
  const { view } = page;
  if (roll < 0.55) {
    // Without a name it leaves nobody whom he has been told of.
    if (view === "waiting") page.turnTo("idle");
    if (typeof view !== "object") return service.cancel(who);
    page.turnTo("idle");
    return service.cancel(who, view.meetId);
  }
  if (roll < 0.8) {
    const stale = [...page.over].at(-1);
    if (typeof view !== "object") return service.skip(who, rng.uniform() < 0.5 ? stale : undefined);
    page.turnTo("idle");
    return service.skip(who, view.meetId);
  }
  if (roll < 0.9) {
    const other = world.pick(world.drifters.filter((drifter) => drifter !== who));
    if (!world.blocks.has(key(who, other))) world.blocks.set(key(who, other), world.step);
    await aWhile();
    // Else the process has died before it could say so here.
    if (rng.uniform() < 0.7)
      await service.blocked(who, other, typeof view === "object" ? view.roomId : null);
    return;
  }
  page.turnTo("idle");
  page.node = null;
  return service.drop(who);
}

/** A process ends in the midst of what it does; another one learns of it. */
async function killNode(world: World, place: number, node: string): Promise<void> {
  for (const page of world.pages.values()) {
    if (page.node !== place) continue;
    page.turnTo("idle");
    page.node = null;
  }
  await world.services[1 - place]!.orphan(node);
}

/**
 * Runs one seeded schedule of seeks, skips, blocks, failures and deaths against the service on a
 * store, up to `atOnce` drifters acting at one time; checks S1 to S5 after each step, and at the
 * end that everybody is where his page says. Returns what was heard and how everybody stood: one
 * at a time, two stores give the same list for the same seed.
 */
export async function runSchedule(
  t: TimedStore<MeetStore>,
  seed: string,
  steps: number,
  atOnce = 1,
): Promise<unknown[]> {
  const world = new World(t, seed);
  const { rng } = world;
  const nodes = ["n0", "n1"];
  const log: unknown[] = [];
  for (world.step = 1; world.step <= steps; world.step += 1) {
    const roll = rng.uniform();
    if (roll < 0.62) {
      const actors = new Set(
        Array.from({ length: 1 + below(rng, atOnce) }, () => world.pick(world.drifters)),
      );
      await Promise.all([...actors].map((who) => act(world, who)));
    } else if (roll < 0.72) {
      await t.advance(below(rng, 1.5 * RELAX));
      await world.pick(world.services).match();
    } else if (roll < 0.84) await world.pick(world.services).match();
    else if (roll < 0.9) world.breakNext();
    else if (roll < 0.97) {
      await t.advance(SWEEP_AGE);
      await world.pick(world.services).sweep();
    } else {
      const place = below(rng, 2);
      await killNode(world, place, nodes[place]!);
      nodes[place] = world.start(place);
    }
    await world.idle();
    log.push([...world.heard.splice(0).sort(), ...(await world.check())]);
  }
  world.repair();
  for (let round = 0; round < RELAX / SWEEP_AGE + 3; round += 1) {
    await t.advance(SWEEP_AGE);
    await world.services[0]!.sweep();
    await world.services[1]!.match();
    await world.idle();
    await world.check();
  }
  await world.checkAtRest(atOnce === 1);
  return log;
}
