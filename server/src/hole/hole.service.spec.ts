import { expect } from "chai";
import { nanoid } from "nanoid";
import type { CircleId, DrifterId, EventName, WriteId } from "@driftsea/protocol";
import { ManualClock } from "../lib/clock.ts";
import type { Context } from "../lib/connection-context.ts";
import { DomainError } from "../lib/errors.ts";
import type { Publisher } from "../lib/publisher.ts";
import { HoleService, LETTERS_A_WRITER, LETTERS_KEPT } from "./hole.service.ts";
import { MemoryHoleStore } from "./hole.store.memory.ts";

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const SILENCE = 24 * HOUR;
/** How often a service is tended, in ms. */
const TICK = 250;

type Told = [at: number, event: EventName, payload: unknown];

/** A wall in memory, and processes that share it. */
class Shore {
  readonly clock = new ManualClock(Date.UTC(2026, 0, 1));
  readonly store = new MemoryHoleStore(this.clock);
  readonly #start = this.clock.now();
  readonly #services: HoleService[] = [];

  /** Another process: its service, and what it told everybody who is connected to it. */
  open(): { hole: HoleService; told: Told[] } {
    const told: Told[] = [];
    const publisher: Pick<Publisher, "toEveryone"> = {
      toEveryone: (event, payload) => told.push([this.elapsed(), event, payload]),
    };
    const hole = new HoleService(this.store, publisher, this.clock, { silenceMs: SILENCE });
    this.#services.push(hole);
    return { hole, told };
  }

  elapsed(): number {
    return this.clock.now() - this.#start;
  }

  /** Lets time pass, with every process at work; `stepMs` for what takes long. */
  async pass(ms: number, stepMs = TICK): Promise<void> {
    for (let passed = 0; passed < ms; passed += stepMs) {
      this.clock.advance(stepMs);
      for (const hole of this.#services) await hole.tend();
    }
  }
}

const person = (name: string): Context => ({
  drifter: name as DrifterId,
  connection: `of ${name}`,
  locale: "en",
  circle: name as CircleId,
  mask: name,
  box: name,
  persona: { name: 0, hue: 0, creature: 0 },
});
const [ann, bo] = [person("ann"), person("bo")];
const letter = (text: string) => ({ writeId: nanoid<WriteId>(), text });

async function codeOf(promise: Promise<unknown>): Promise<string> {
  try {
    await promise;
  } catch (error) {
    if (error instanceof DomainError) return error.code;
    throw error;
  }
  throw new Error("was not refused");
}

describe("the hole", () => {
  let shore: Shore;
  beforeEach(() => {
    shore = new Shore();
  });

  it("[R11] empty, it has its whole silence before it, and there is nothing to read", async () => {
    const { hole } = shore.open();
    await shore.pass(5000);
    const deadlineAt = shore.clock.now() + SILENCE;
    expect(await hole.status()).to.deep.equal({ deadlineAt, letters: 0 });
    expect(await codeOf(hole.read())).to.equal("gone");
  });

  it("[R11] a letter is read without its writer, cleaned, with a coarse age", async () => {
    const { hole } = shore.open();
    await hole.write(ann, letter("  a\u200b\u200b secret\r\n"));
    const { id, ...shown } = await hole.read();
    expect(id).to.match(/^[\w-]{21}$/);
    expect(shown).to.deep.equal({ text: "a secret", age: "now" });
    const ages = [];
    for (const ms of [10 * MINUTE - 1, 1, 50 * MINUTE - 1, 1, 5 * HOUR, 18 * HOUR - 1]) {
      shore.clock.advance(ms);
      ages.push((await hole.read()).age);
    }
    expect(ages).to.deep.equal(["now", "hour", "hour", "hours", "day", "day"]);
    const other = await hole.write(bo, letter("another"));
    shore.clock.advance(1);
    expect(other).to.deep.equal({ deadlineAt: shore.clock.now() - 1 + SILENCE });
    const seen = await Promise.all(Array.from({ length: 60 }, () => hole.read()));
    expect(new Set(seen.map((s) => `${s.text}, ${s.age}`))).to.deep.equal(
      new Set(["a secret, days", "another, now"]),
    );
  });

  it("[R11] every letter is as likely as the others", async () => {
    const { hole } = shore.open();
    for (let i = 0; i < 5; i += 1) await hole.write(ann, letter(`${i}`));
    const counts = new Map<string, number>();
    for (let i = 0; i < 10_000; i += 1) {
      const { text } = await hole.read();
      counts.set(text, (counts.get(text) ?? 0) + 1);
    }
    // 2000 ± 40 is one deviation: six of them.
    for (let i = 0; i < 5; i += 1) expect(counts.get(`${i}`)).to.be.within(1760, 2240);
  });

  it("[R11] keeps 10 000 letters, the newest", async function () {
    this.timeout(20_000);
    const { hole } = shore.open();
    for (let i = 0; i <= LETTERS_KEPT; i += 1) {
      await hole.write(person(`${Math.floor(i / LETTERS_A_WRITER)}`), letter(`${i}`));
    }
    expect((await hole.status()).letters).to.equal(LETTERS_KEPT);
    expect(await shore.store.draw(0)).to.include({ text: "1" });
  });

  it("[R11] keeps 20 letters of one writer, his newest", async () => {
    const { hole } = shore.open();
    await hole.write(bo, letter("of bo"));
    for (let i = 0; i < 100; i += 1) await hole.write(ann, letter(`${i}`));
    expect((await hole.status()).letters).to.equal(21);
    expect(await shore.store.draw(0)).to.include({ text: "of bo" });
    expect(await shore.store.draw(1 / 21)).to.include({ text: "80" });
  });

  it("[R11] the same write again gives the deadline as it now stands, and tells nobody", async () => {
    const { hole, told } = shore.open();
    const once = letter("once");
    const first = await hole.write(ann, once);
    await shore.pass(5000);
    expect(await hole.write(ann, once)).to.deep.equal(first);
    await shore.pass(5000);
    expect(told).to.have.length(1);
    const { deadlineAt } = await hole.write(bo, letter("later"));
    expect(await hole.write(ann, once)).to.deep.equal({ deadlineAt });
    expect((await hole.status()).letters).to.equal(2);
  });

  it("[R11] the first letter is told at once, what follows once a second, the last state too", async () => {
    const { hole, told } = shore.open();
    const start = shore.clock.now();
    await shore.pass(TICK);
    for (let i = 0; i < 30; i += 1) {
      await hole.write(i % 2 ? ann : bo, letter(`${i}`));
      await shore.pass(100, 100);
    }
    await shore.pass(5000);
    expect(told.map(([at]) => at)).to.deep.equal([250, 1250, 2250, 3250]);
    expect(told.every(([, event]) => event === "hole:ticked")).to.equal(true);
    expect(told[0]![2]).to.deep.equal({ letters: 1, deadlineAt: start + 250 + SILENCE });
    expect(told.at(-1)![2]).to.deep.equal({ letters: 30, deadlineAt: start + 3150 + SILENCE });
  });

  it("[R2] [R11] an idle hole tells nothing, and is looked at once a second", async () => {
    const { hole, told } = shore.open();
    let looks = 0;
    const status = shore.store.status.bind(shore.store);
    shore.store.status = () => {
      looks += 1;
      return status();
    };
    await shore.pass(10_000);
    expect(told).to.deep.equal([]);
    await hole.write(ann, letter("one"));
    await shore.pass(10_000);
    expect(told).to.have.length(1);
    expect(looks).to.be.within(18, 21);
  });

  it("[R11] every process tells those who are connected to it", async () => {
    const [here, there] = [shore.open(), shore.open()];
    await shore.pass(600, 200);
    const { deadlineAt } = await here.hole.write(ann, letter("one"));
    expect(here.told).to.deep.equal([[600, "hole:ticked", { letters: 1, deadlineAt }]]);
    await shore.pass(1250);
    expect(there.told.map(([, ...rest]) => rest)).to.deep.equal([
      ["hole:ticked", { letters: 1, deadlineAt }],
    ]);
    expect(here.told).to.have.length(1);
  });

  it("[R11] at zero everybody is told once, by every process, and nothing is left", async () => {
    const [here, there] = [shore.open(), shore.open()];
    await here.hole.write(ann, letter("one"));
    await shore.pass(SILENCE - MINUTE, MINUTE);
    // Looked at half a second before its end: it is looked at again at the end, and not a second later.
    await shore.pass(MINUTE - 2 * TICK, MINUTE - 2 * TICK);
    await shore.pass(TICK);
    for (const { told } of [here, there]) expect(told).to.have.length(1);
    await shore.pass(TICK);
    for (const { told } of [here, there])
      expect(told.slice(1)).to.deep.equal([[SILENCE, "hole:gone", {}]]);
    await shore.pass(5000);
    for (const { hole, told } of [here, there]) {
      expect(told).to.have.length(2);
      expect(await codeOf(hole.read())).to.equal("gone");
      expect((await hole.status()).letters).to.equal(0);
    }
  });

  it("[R11] a letter right after the end: the old wall is gone first, then the new one is told", async () => {
    const [here, there] = [shore.open(), shore.open()];
    await here.hole.write(ann, letter("one"));
    await shore.pass(SILENCE - HOUR, MINUTE);
    shore.clock.advance(HOUR + 1);
    const { deadlineAt } = await here.hole.write(bo, letter("two"));
    await shore.pass(TICK);
    for (const { told } of [here, there]) {
      expect(told.slice(1).map(([, ...rest]) => rest)).to.deep.equal([
        ["hole:gone", {}],
        ["hole:ticked", { letters: 1, deadlineAt }],
      ]);
    }
    expect((await here.hole.read()).text).to.equal("two");
  });

  it("[R11] a process that has just begun tells of the wall that it finds at its end", async () => {
    const before = shore.open();
    await before.hole.write(ann, letter("one"));
    shore.clock.advance(SILENCE);
    const { hole, told } = shore.open();
    await hole.tend();
    await shore.pass(5000);
    expect(told.map(([, event]) => event)).to.deep.equal(["hole:gone"]);
    expect(before.told.map(([, event]) => event)).to.deep.equal(["hole:ticked", "hole:gone"]);
  });

  it("[session:forget] his letters go; emptied so, the hole did not fall silent", async () => {
    const [here, there] = [shore.open(), shore.open()];
    await here.hole.write(ann, letter("one"));
    const { deadlineAt } = await here.hole.write(bo, letter("two"));
    await shore.pass(5000);
    await here.hole.erase(ann.drifter);
    expect(here.told.at(-1)).to.deep.equal([5000, "hole:ticked", { letters: 1, deadlineAt }]);
    await shore.pass(5000);
    await here.hole.erase(bo.drifter);
    await shore.pass(5000);
    for (const { told } of [here, there]) {
      expect(told.map(([, event]) => event)).not.to.include("hole:gone");
      expect(told.at(-1)![2]).to.include({ letters: 0 });
    }
    const count = here.told.length;
    await shore.pass(SILENCE, HOUR);
    expect(here.told).to.have.length(count);
  });

  it("[M1] who has read a letter can quote it and block its writer; no other id leads anywhere", async () => {
    const { hole } = shore.open();
    await hole.write(ann, letter("nasty"));
    const { id } = await hole.read();
    expect((await hole.quote(id)).text).to.equal("nasty");
    expect(await hole.authorOf(id)).to.equal(ann.drifter);
    expect(await codeOf(hole.quote("a".repeat(21)))).to.equal("gone");
    shore.clock.advance(SILENCE);
    expect(await codeOf(hole.quote(id))).to.equal("gone");
    expect(await codeOf(hole.authorOf(id))).to.equal("gone");
  });
});
