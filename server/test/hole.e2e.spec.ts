import { expect } from "chai";
import { onEverySetup } from "./harness/server.ts";
import type { TestServer } from "./harness/server.ts";
import { Visitor, pause, until, writeId } from "./harness/visitor.ts";

/** What a visitor was told of the hole. */
const toldOf = (visitor: Visitor): string[] =>
  visitor.seen.map(({ event }) => event).filter((event) => event.startsWith("hole:"));

const writes = (visitor: Visitor, text: string, id = writeId()) =>
  visitor.ask("hole:write", { id, text });

onEverySetup("hole", (setup) => {
  const crowd = (server: TestServer, size: number): Promise<Visitor[]> =>
    Promise.all(Array.from({ length: size }, () => Visitor.come(server.url)));

  it("[R11] a letter is told to everybody, with the new deadline", async () => {
    const server = await setup.start({ HOLE_SILENCE_MS: 60_000 });
    const [ann, bo] = await crowd(server, 2);
    const empty = await ann!.ask("hole:status", {});
    expect(empty.letters).to.equal(0);
    expect(empty.deadlineAt).to.be.closeTo(ann!.ready.serverTime + 60_000, 5000);
    const { deadlineAt } = await writes(ann!, "a secret");
    for (const visitor of [ann!, bo!])
      expect(await visitor.event("hole:ticked")).to.deep.equal({ deadlineAt, letters: 1 });
    const later = await writes(bo!, "another");
    expect(later.deadlineAt).to.be.at.least(deadlineAt);
    await until(() => ann!.events("hole:ticked").length === 2, "the second letter to be told");
    expect(ann!.events("hole:ticked")[1]).to.deep.equal({ ...later, letters: 2 });
    expect(await ann!.ask("hole:status", {})).to.deep.equal({ ...later, letters: 2 });
  });

  it("[R11] one letter is read at random, none can be chosen, none names its writer", async () => {
    const server = await setup.start();
    const [ann, bo, eve] = await crowd(server, 3);
    expect(await eve!.refused("hole:read", {})).to.equal("gone");
    const texts = ["one", "two", "three"];
    for (const [i, text] of texts.entries()) await writes([ann!, bo!][i % 2]!, text);
    const drawn = new Set<string>();
    await until(async () => {
      const { letter } = await eve!.ask("hole:read", {});
      expect(letter).to.have.all.keys("id", "text", "age");
      expect(letter.age).to.equal("now");
      expect(texts).to.include(letter.text);
      drawn.add(letter.text);
      return drawn.size === 3;
    }, "each letter to be drawn");
    const { letter } = await eve!.ask("hole:read", {});
    const chosen = await eve!.raw("hole:read", { id: letter.id });
    expect(chosen).to.have.nested.property("error.code", "invalid");
  });

  it("[R11] one write id is one letter, its reply the deadline as it stands", async () => {
    const server = await setup.start();
    const [ann, bo] = await crowd(server, 2);
    const id = writeId();
    const sent = await Promise.all(Array.from({ length: 5 }, () => writes(ann!, "once", id)));
    expect(new Set(sent.map((reply) => reply.deadlineAt)).size).to.equal(1);
    const later = await writes(bo!, "later");
    expect(await writes(ann!, "once", id)).to.deep.equal(later);
    expect(await bo!.ask("hole:status", {})).to.deep.equal({ ...later, letters: 2 });
    // Another's ids are his own.
    await writes(bo!, "mine", id);
    expect(await ann!.ask("hole:status", {})).to.include({ letters: 3 });
  });

  it("[R11] at zero it is gone for everybody, and none of it is left", async () => {
    const server = await setup.start({ HOLE_SILENCE_MS: 1500 });
    const [ann, bo] = await crowd(server, 2);
    const id = writeId();
    await writes(ann!, "unforgettable words", id);
    await pause(500);
    const { deadlineAt } = await writes(bo!, "still here");
    for (const visitor of [ann!, bo!]) expect(await visitor.event("hole:gone")).to.deep.equal({});
    const status = await bo!.ask("hole:status", {});
    expect(status.letters).to.equal(0);
    expect(status.deadlineAt).to.be.at.least(deadlineAt + 1500);
    expect(await bo!.refused("hole:read", {})).to.equal("gone");
    for (const text of ["unforgettable words", "still here"]) {
      await until(async () => !(await setup.dump())?.includes(text), "the wall to be deleted");
      expect(server.log()).not.to.contain(text);
    }
    // A reply that was lost on the way: what was wiped is not written anew.
    await writes(ann!, "unforgettable words", id);
    expect(await bo!.ask("hole:status", {})).to.include({ letters: 0 });
    expect(bo!.events("hole:gone")).to.have.length(1);
    await writes(bo!, "a new one");
    expect((await ann!.ask("hole:read", {})).letter.text).to.equal("a new one");
  });

  it("[R2] [R11] twenty who only look on are told nothing while nothing happens", async () => {
    const server = await setup.start();
    const visitors = await crowd(server, 20);
    await writes(visitors[0]!, "the last word");
    await Promise.all(visitors.map((visitor) => visitor.event("hole:ticked")));
    const before = visitors.map((visitor) => toldOf(visitor).length);
    await pause(1000);
    expect(visitors.map((visitor) => toldOf(visitor).length)).to.deep.equal(before);
    expect(before).to.deep.equal(Array.from({ length: 20 }, () => 1));
  });

  it("[R11] many letters at once are told once a second", async () => {
    const server = await setup.start();
    const [ann, bo] = await crowd(server, 2);
    const all = Array.from({ length: 40 }, (_, i) => writes(i % 2 ? ann! : bo!, `letter ${i}`));
    await Promise.all(all);
    await until(() => bo!.events("hole:ticked").at(-1)?.letters === 40, "the last count");
    expect(bo!.events("hole:ticked").length).to.be.at.most(3);
  });

  it("[R11] [M9] who is connected to another process is told as well", async () => {
    const [here, there] = [await setup.start(), await setup.start({ HOLE_SILENCE_MS: 1500 })];
    // In memory there is one process, and one hole in it.
    if ((await setup.dump()) === null) return;
    const [ann, bo] = [await Visitor.come(there.url), await Visitor.come(here.url)];
    const { deadlineAt } = await writes(ann, "over there");
    expect(await bo.event("hole:ticked")).to.deep.equal({ deadlineAt, letters: 1 });
    await Promise.all([ann, bo].map((visitor) => visitor.event("hole:gone")));
    await pause(500);
    for (const visitor of [ann, bo])
      expect(toldOf(visitor)).to.deep.equal(["hole:ticked", "hole:gone"]);
  });

  it("[session:forget] takes his letters along", async () => {
    const server = await setup.start();
    const [ann, bo] = await crowd(server, 2);
    await writes(ann!, "forget me");
    await writes(bo!, "keep me");
    await ann!.ask("session:forget", {});
    expect(await bo!.ask("hole:status", {})).to.include({ letters: 1 });
    expect((await bo!.ask("hole:read", {})).letter.text).to.equal("keep me");
    expect((await setup.dump()) ?? "").not.to.contain("forget me");
  });
});
