import { expect } from "chai";
import type { DrifterId, EventName, MeetId, RoomId } from "@driftsea/protocol";
import { ManualClock } from "../lib/clock.ts";
import { StoreUnavailable, gone } from "../lib/errors.ts";
import { MeetService } from "./meets.service.ts";
import { MemoryMeetStore } from "./meets.store.memory.ts";

const RELAX = 10_000;
const WINDOW = 2000;
/** What a process has not done after this long, another does. */
const UNFINISHED = 2000;

interface Heard {
  to: string;
  event: EventName;
  meetId: MeetId;
  roomId?: RoomId;
  shared?: string[];
  again?: boolean;
  reason?: string;
}

describe("meeting strangers", () => {
  const [ann, bo, eve] = ["ann", "bo", "eve"] as [DrifterId, DrifterId, DrifterId];
  let clock: ManualClock;
  let heard: Heard[];
  let opened: Map<RoomId, readonly DrifterId[]>;
  let ended: Set<RoomId>;
  let blocks: Map<DrifterId, DrifterId[]>;
  let away: Set<DrifterId>;
  let failures: unknown[];
  /** Called when a room has been opened, or is about to end; what it throws, that does. */
  let onOpen: () => unknown;
  let onEnd: () => void;
  let store: MemoryMeetStore;
  let start: (node: string) => MeetService;
  let meets: MeetService;

  beforeEach(() => {
    clock = new ManualClock(Date.UTC(2026, 0, 1));
    store = new MemoryMeetStore(clock);
    heard = [];
    opened = new Map();
    ended = new Set();
    blocks = new Map();
    away = new Set();
    failures = [];
    onOpen = () => {};
    onEnd = () => {};
    start = (node) =>
      new MeetService({
        store,
        node,
        publisher: {
          isConnected: (drifter) => !away.has(drifter),
          here: {
            toDrifter: (to, event, payload) => {
              if (!away.has(to)) heard.push({ to, event, ...payload } as unknown as Heard);
            },
            toRoom: () => {},
            closeRoom: () => {},
          },
          watch: () => {},
        },
        rooms: {
          open: async ({ roomId, between }) => {
            if (ended.has(roomId)) throw gone();
            opened.set(roomId, between);
            await onOpen();
          },
          end: async (roomId) => {
            onEnd();
            ended.add(roomId);
          },
        },
        blockedOf: async (drifter) => blocks.get(drifter) ?? [],
        areParting: async (one, other) =>
          [...(blocks.get(one) ?? []), ...(blocks.get(other) ?? [])].some(
            (each) => each === one || each === other,
          ),
        rules: { relaxMs: RELAX, windowMs: WINDOW },
        onUnsettled: (error) => failures.push(error),
      });
    meets = start("n1");
  });

  const seek = async (...who: DrifterId[]): Promise<void> => {
    for (const drifter of who) await meets.seek(drifter, {});
    await meets.idle();
  };
  const told = (to: DrifterId) => heard.filter((each) => each.to === to);
  const newest = (to: DrifterId): Heard => told(to).at(-1)!;
  const cut = (): number => heard.splice(0).length;

  it("[S1] both are told of one room, after the reply, with what they share", async () => {
    await meets.seek(ann, { interests: ["  Tea ", "ＧＯ", "tea", "\u200b海"] });
    await meets.seek(bo, { interests: ["go", "海", "TEA"] });
    expect(heard, "before the reply").to.deep.equal([]);
    await meets.idle();
    const [first, second] = [newest(ann), newest(bo)];
    expect(first).to.deep.include({ event: "meet:found", again: false });
    expect(first.shared).to.have.members(["tea", "go", "海"]);
    expect(second).to.deep.equal({ ...first, to: bo });
    expect(opened.get(first.roomId!)).to.deep.equal([ann, bo]);
  });

  it("[S2] both press next at once: one end each, and both are paired again", async () => {
    await seek(ann, bo);
    const { meetId, roomId } = newest(ann);
    cut();
    await Promise.all([meets.seek(ann, {}), meets.seek(bo, {})]);
    await meets.idle();
    // Whose press came second has left nobody any more.
    expect(heard).to.deep.equal([{ to: bo, event: "meet:ended", meetId, reason: "left" }]);
    expect(ended).to.deep.equal(new Set([roomId]));
    clock.advance(RELAX);
    await meets.match();
    expect(newest(bo)).to.include({ event: "meet:found", again: true });
    expect(newest(ann)).to.include({ event: "meet:found", meetId: newest(bo).meetId });
  });

  it("[S1] however many wait for it, all are paired once it is time", async () => {
    const crowd = Array.from({ length: 120 }, (_, i) => `d${i}` as DrifterId);
    for (const [i, one] of crowd.entries()) await meets.seek(one, { interests: [`word ${i}`] });
    await meets.match();
    expect(heard.filter(({ event }) => event === "meet:found")).to.deep.equal([]);
    clock.advance(RELAX);
    await meets.match();
    const told = heard.filter(({ event }) => event === "meet:found").map(({ to }) => to);
    expect(told).to.have.members(crowd);
  });

  it("[S2] what names an old pair ends nothing", async () => {
    await seek(ann, bo);
    const old = newest(ann).meetId;
    await meets.skip(ann, old);
    await seek(bo, eve);
    cut();
    await meets.skip(bo, old);
    await meets.left(bo, "another" as RoomId);
    await meets.roomEnded("another" as RoomId, "expired");
    expect(heard).to.deep.equal([]);
  });

  it("[S2] a cancel ends the pair that it names, and no other", async () => {
    await seek(ann, bo);
    const { meetId } = newest(ann);
    cut();
    await meets.cancel(ann);
    expect(heard).to.deep.equal([]);
    await meets.cancel(ann, meetId);
    expect(heard).to.deep.equal([{ to: bo, event: "meet:ended", meetId, reason: "left" }]);
  });

  it("[S3] says so where nobody but a recent partner is there", async () => {
    await seek(ann, bo);
    await meets.skip(ann);
    cut();
    await seek(ann, bo);
    clock.advance(RELAX - 1);
    await meets.match();
    expect(heard).to.deep.equal([]);
    clock.advance(1);
    await meets.match();
    expect(newest(ann)).to.include({ event: "meet:found", again: true });
  });

  it("[S4] a block that comes while they wait: nobody is told, both are paired with others", async () => {
    onOpen = () => blocks.set(bo, [ann]);
    await seek(ann, bo);
    expect(heard).to.deep.equal([]);
    expect(ended.size, "the room is gone").to.equal(1);
    clock.advance(RELAX);
    await meets.match();
    expect(heard).to.deep.equal([]);
    onOpen = () => {};
    await seek(eve, "dan" as DrifterId);
    expect(heard.map(({ to, event }) => `${to} ${event}`)).to.have.members(
      ["ann", "bo", "eve", "dan"].map((who) => `${who} meet:found`),
    );
  });

  it("[S4] a block inside a meeting looks like leaving", async () => {
    const seen: unknown[] = [];
    for (const how of ["skip", "block", "leave the room", "forget"] as const) {
      await seek(ann, bo);
      const { meetId, roomId } = newest(bo);
      cut();
      if (how === "skip") await meets.skip(ann);
      else if (how === "block") await meets.blocked(ann, bo, roomId!);
      else if (how === "leave the room") await meets.left(ann, roomId!);
      else await meets.erase(ann);
      expect(heard, how).to.deep.equal([{ to: bo, event: "meet:ended", meetId, reason: "left" }]);
      expect(ended.has(roomId!)).to.equal(true);
      seen.push(told(ann));
      clock.advance(40 * 24 * 60 * 60 * 1000);
    }
    expect(seen).to.deep.equal([[], [], [], []]);
  });

  it("[S4] a block that points elsewhere does not tell whom one is meeting; never again all the same", async () => {
    await seek(ann, bo);
    const { meetId } = newest(bo);
    blocks.set(ann, [bo]);
    blocks.set(bo, [ann]);
    cut();
    await meets.blocked(ann, bo, "another room" as RoomId);
    expect(heard).to.deep.equal([]);
    await meets.skip(ann, meetId);
    cut();
    await seek(ann, bo);
    clock.advance(RELAX);
    await meets.match();
    expect(heard).to.deep.equal([]);
  });

  it("[S5] nobody shakes within the window: told so, once", async () => {
    await meets.seek(ann, { mode: "shake" });
    clock.advance(WINDOW - 1);
    await meets.match();
    expect(heard).to.deep.equal([]);
    clock.advance(1);
    await Promise.all([meets.match(), start("n2").match()]);
    await meets.match();
    clock.advance(UNFINISHED);
    await meets.sweep();
    expect(heard.map(({ to, event, reason }) => [to, event, reason])).to.deep.equal([
      [ann, "meet:ended", "nobody"],
    ]);
  });

  it("a process dies between the queue and the room: another one finishes it", async () => {
    onOpen = () => {
      throw new StoreUnavailable();
    };
    await seek(ann, bo);
    expect(failures).to.have.length(1);
    expect(heard).to.deep.equal([]);
    onOpen = () => {};
    const other = start("n2");
    await other.sweep();
    expect(heard, "that process may still be at it").to.deep.equal([]);
    clock.advance(UNFINISHED);
    await other.sweep();
    expect(newest(ann).event).to.equal("meet:found");
    expect(newest(bo).meetId).to.equal(newest(ann).meetId);
    cut();
    clock.advance(UNFINISHED);
    await other.sweep();
    expect(heard).to.deep.equal([]);
  });

  it("one goes while their room is being made: the other waits on and hears nothing", async () => {
    onOpen = () => meets.cancel(ann);
    await seek(ann, bo);
    expect(heard).to.deep.equal([]);
    expect([...opened.keys()], "no room is left over").to.deep.equal([...ended]);
    onOpen = () => {};
    await seek(eve);
    expect(newest(bo)).to.include({ event: "meet:found", meetId: newest(eve).meetId });
  });

  it("[S2] the late end of a meeting he never knew of does not hide the one he is in", async () => {
    // Made, and the process dies before it tells them; then she goes, and the room cannot be reached.
    const made = store.made.bind(store);
    store.made = async (meetId) => {
      await made(meetId);
      throw new StoreUnavailable();
    };
    await seek(ann, bo);
    store.made = made;
    onEnd = () => {
      throw new StoreUnavailable();
    };
    await meets.cancel(ann);
    onEnd = () => {};
    await seek(bo, eve);
    cut();
    clock.advance(UNFINISHED);
    await meets.sweep();
    expect(ended.size, "it was seen to").to.equal(1);
    expect(heard).to.deep.equal([]);
  });

  it("a room that died before anybody was told: both are found again", async () => {
    onOpen = () => {
      throw gone();
    };
    await seek(ann, bo);
    onOpen = () => {};
    await meets.match();
    expect(newest(ann).event).to.equal("meet:found");
    expect(ended.has(newest(ann).roomId!)).to.equal(false);
    expect(failures).to.deep.equal([]);
  });

  it("a room that ends by itself ends the meeting for both", async () => {
    await seek(ann, bo);
    const { meetId, roomId } = newest(ann);
    cut();
    await meets.roomEnded(roomId!, "expired");
    expect(heard).to.deep.equal([
      { to: ann, event: "meet:ended", meetId, reason: "expired" },
      { to: bo, event: "meet:ended", meetId, reason: "expired" },
    ]);
  });

  it("who hangs up while his command runs is not in the queue", async () => {
    away.add(ann);
    await seek(ann, bo);
    expect(heard).to.deep.equal([]);
    await seek(eve);
    expect(newest(bo)).to.include({ event: "meet:found", meetId: newest(eve).meetId });
  });

  it("[S1] who seeks by a process that was taken for dead seeks on when it is not", async () => {
    await meets.seek(ann, {});
    const other = start("n2");
    await other.orphan("n1");
    expect((await store.read(ann)).state).to.equal("idle");
    await meets.hold();
    expect((await store.read(ann)).state).to.equal("waiting");
    await meets.cancel(ann);
    await meets.hold();
    expect((await store.read(ann)).state, "who has ceased to seek").to.equal("idle");
  });

  it("[S1] whose search had no answer does not seek without knowing it", async () => {
    const seek = store.seek.bind(store);
    store.seek = async (...search) => {
      await seek(...search);
      throw new StoreUnavailable();
    };
    const failure: unknown = await meets.seek(ann, {}).catch((error: unknown) => error);
    expect(failure).to.be.instanceOf(StoreUnavailable);
    expect((await store.read(ann)).state).to.equal("waiting");
    await meets.sweep();
    expect((await store.read(ann)).state).to.equal("idle");
    store.seek = seek;
    await meets.seek(ann, {});
    await meets.sweep();
    expect((await store.read(ann)).state).to.equal("waiting");
  });

  it("[S1] who seeks again while the store is slow is not taken out for his first search", async () => {
    const seek = store.seek.bind(store);
    store.seek = () => Promise.reject(new StoreUnavailable());
    await meets.seek(ann, {}).catch(() => {});
    let answer = (): void => {};
    const slow = new Promise<void>((done) => (answer = done));
    store.seek = async (...search) => {
      const found = await seek(...search);
      await slow;
      return found;
    };
    const seeking = meets.seek(ann, {});
    while ((await store.read(ann)).state === "idle") await new Promise(setImmediate);
    await meets.sweep();
    answer();
    await seeking;
    await meets.sweep();
    expect((await store.read(ann)).state).to.equal("waiting");
  });

  it("whom a dead process held is not found any more", async () => {
    const other = start("n2");
    await other.seek(ann, {});
    away.add(ann);
    await meets.orphan("n2");
    await seek(bo);
    expect(heard).to.deep.equal([]);
    await seek(eve);
    expect(told(eve)).to.have.length(1);
  });
});
