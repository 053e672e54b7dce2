import { expect } from "chai";
import type { DrifterId, EventName, Notice } from "@driftsea/protocol";
import { ManualClock } from "../lib/clock.ts";
import { StoreUnavailable } from "../lib/errors.ts";
import { alone } from "../nodes/nodes.ts";
import type { Missed, Nodes } from "../nodes/nodes.ts";
import { NoticeService } from "./notices.service.ts";
import { MemorySessionStore } from "./sessions.store.memory.ts";

const ann = "ann" as DrifterId;
const LIFE = 24 * 60 * 60 * 1000;
const notice = { kind: "bottle:lapsed", bottleId: "a bottle" } as Notice;

describe("notices", () => {
  const openStore = async () => {
    const clock = new ManualClock(Date.now());
    const store = new MemorySessionStore(clock);
    const persona = { name: "quiet heron", avatar: "3-120" };
    await store.create(ann, { persona: persona as never, box: "box" }, { lifeMs: LIFE, slotMs: 1 });
    return { clock, store };
  };
  /** Ann, who is connected; `settle` says whether her line has read, which says nothing by itself. */
  const open = async (
    shared?: Awaited<ReturnType<typeof openStore>>,
    nodes = alone,
    pendingMs = 7000,
  ) => {
    const { clock, store } = shared ?? (await openStore());
    const told: EventName[] = [];
    const waiting: number[] = [];
    const lines = new Set<(hasRead: boolean) => void>();
    const state = { isConnected: true };
    const publisher = {
      isConnected: () => state.isConnected,
      here: { toDrifter: (_: DrifterId, event: EventName) => void told.push(event) },
      toDrifter: (_: DrifterId, event: EventName) => void told.push(event),
      hasRead: () => new Promise<boolean>((done) => lines.add(done)),
      drifters: () => [ann],
    };
    const notices = new NoticeService({
      store,
      publisher: publisher as never,
      nodes,
      pendingMs,
      onUnsettled: (error) => {
        throw error;
      },
    });
    notices.whenWaiting((_, seq) => waiting.push(seq));
    const settle = async (hasRead: boolean): Promise<void> => {
      for (const done of lines) done(hasRead);
      lines.clear();
      await notices.idle();
    };
    const inbox = async () => (await notices.inbox(ann, undefined)).items;
    return { clock, inbox, notices, settle, state, told, waiting };
  };

  it("[B6] who has read it by event does not find it in his inbox, and nobody waits for that", async () => {
    const { clock, inbox, notices, settle, told } = await open();
    await notices.notify(ann, "one", notice);
    expect(told).to.deep.equal(["bottle:lapsed"]);
    expect(await inbox(), "while it is not known").to.deep.equal([]);
    await settle(true);
    clock.advance(LIFE / 2);
    expect(await inbox()).to.deep.equal([]);
  });

  it("[B6] what was told to a line that was dead waits in the inbox, and whoever may wake him is told", async () => {
    const { clock, inbox, notices, settle, state, waiting } = await open();
    await notices.notify(ann, "one", notice);
    expect(waiting).to.deep.equal([]);
    state.isConnected = false;
    await settle(false);
    expect(waiting).to.deep.equal([1]);
    clock.advance(7000);
    expect(await inbox()).to.deep.equal([notice]);
    expect(await inbox()).to.deep.equal([]);
  });

  it("[B6] who came back by another line and looked too early is told by that", async () => {
    const { clock, inbox, notices, settle, told } = await open();
    await notices.notify(ann, "one", notice);
    expect(await inbox()).to.deep.equal([]);
    clock.advance(7000);
    await settle(false);
    expect(told).to.have.length(2);
    expect(await inbox()).to.deep.equal([]);
  });

  it("[B6] who came back by another line and found it there is not told again", async () => {
    const { clock, inbox, notices, settle, told } = await open();
    await notices.notify(ann, "one", notice);
    clock.advance(7000);
    expect(await inbox()).to.deep.equal([notice]);
    await settle(false);
    expect(told).to.have.length(1);
  });

  /** Two processes over one store, both of which serve her; what one tells, the other hears at once. */
  const openTwo = async () => {
    const shared = await openStore();
    const heard: Map<string, (what: never) => unknown>[] = [new Map(), new Map()];
    const nodesOf = (n: 0 | 1): Nodes => ({
      ...alone,
      hear: (kind, listener) => void heard[n]!.set(kind, listener),
      tell: async (_name, kind, what) => void (await heard[1 - n]!.get(kind)?.(what as never)),
    });
    return [await open(shared, nodesOf(0)), await open(shared, nodesOf(1))] as const;
  };

  it("[B6] [M9] a line that died at one process and one that reads at another: told once", async () => {
    const [first, second] = await openTwo();
    await first.notices.notify(ann, "one", notice);
    expect([first.told, second.told]).to.deep.equal([["bottle:lapsed"], ["bottle:lapsed"]]);
    await second.settle(true);
    first.state.isConnected = false;
    await first.settle(false);
    first.clock.advance(7000);
    expect(await second.inbox()).to.deep.equal([]);
    expect(second.told).to.have.length(1);
  });

  it("[B6] [M9] who came back by another process and looked too early is told by that", async () => {
    const [first, second] = await openTwo();
    second.state.isConnected = false;
    await first.notices.notify(ann, "one", notice);
    second.state.isConnected = true;
    expect(await second.inbox()).to.deep.equal([]);
    first.state.isConnected = false;
    first.clock.advance(7000);
    await first.settle(false);
    expect(second.told).to.deep.equal(["bottle:lapsed"]);
    await second.settle(true);
    expect(await second.inbox()).to.deep.equal([]);
  });

  it("[B6] what was put in without an answer is told when it is put in again", async () => {
    const shared = await openStore();
    const { clock, inbox, notices, settle, state, told } = await open(shared, alone, 5);
    const { store } = shared;
    const push = store.push.bind(store);
    store.push = async (...args) => {
      await push(...args);
      throw new StoreUnavailable();
    };
    const error: unknown = await notices.notify(ann, "one", notice).catch((e) => e);
    expect(error).to.be.instanceOf(StoreUnavailable);
    store.push = push;
    await notices.notify(ann, "one", notice);
    expect(told).to.deep.equal([]);
    clock.advance(5);
    while (told.length === 0) await new Promise((done) => setTimeout(done, 5));
    expect(told).to.deep.equal(["bottle:lapsed"]);
    // And where nobody has read that either, it is there yet.
    state.isConnected = false;
    await settle(false);
    clock.advance(5);
    expect(await inbox()).to.deep.equal([notice]);
  });

  it("[B6] what may have passed a process by is told as any other: unread it stays, read it goes", async () => {
    let missed: Missed = async () => {};
    const nodes = { ...alone, onMissed: (listener: Missed) => void (missed = listener) };
    const { clock, inbox, notices, settle, state, told } = await open(undefined, nodes);
    state.isConnected = false;
    await notices.notify(ann, "one", notice);
    state.isConnected = true;
    await missed(0);
    await missed(0);
    expect(told, "and once").to.have.length(1);
    await settle(false);
    clock.advance(7000);
    await missed(0);
    expect(told).to.have.length(2);
    await settle(true);
    expect(await inbox()).to.deep.equal([]);
    expect((await notices.inbox(ann, "0")).items).to.deep.equal([]);
  });

  it("[B6] behind one that may have been told to a dead line nothing waits for the next arrival", async () => {
    const { clock, inbox, notices, settle, state, told } = await open(undefined, alone, 5);
    await notices.notify(ann, "one", notice);
    state.isConnected = false;
    await notices.notify(ann, "two", notice);
    await settle(false);
    state.isConnected = true;
    told.length = 0;
    expect(await inbox()).to.deep.equal([]);
    clock.advance(5);
    while (told.length < 2) await new Promise((done) => setTimeout(done, 5));
    await settle(true);
    expect(await inbox()).to.deep.equal([]);
  });

  it("[B6] the same is told once", async () => {
    const { notices, settle, told } = await open();
    await notices.notify(ann, "one", notice);
    await notices.notify(ann, "one", notice);
    await settle(true);
    await notices.notify(ann, "one", notice);
    expect(told).to.have.length(1);
  });
});
