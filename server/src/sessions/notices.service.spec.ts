import { expect } from "chai";
import type { DrifterId, EventName, Notice } from "@driftsea/protocol";
import { ManualClock } from "../lib/clock.ts";
import { NoticeService } from "./notices.service.ts";
import { MemorySessionStore } from "./sessions.store.memory.ts";

const ann = "ann" as DrifterId;
const LIFE = 24 * 60 * 60 * 1000;
const notice = { kind: "bottle:lapsed", bottleId: "a bottle" } as Notice;

describe("notices", () => {
  /** Ann, who is connected; `reads` and `ends` her line, which says nothing by itself. */
  const open = async () => {
    const clock = new ManualClock(Date.now());
    const store = new MemorySessionStore(clock);
    const persona = { name: "quiet heron", avatar: "3-120" };
    await store.create(ann, { persona: persona as never, box: "box" }, LIFE);
    const told: EventName[] = [];
    const waiting: number[] = [];
    const lines = new Set<(hasRead: boolean) => void>();
    const state = { isConnected: true };
    const publisher = {
      isConnected: () => state.isConnected,
      toDrifter: (_: DrifterId, event: EventName) => void told.push(event),
      hasRead: () => new Promise<boolean>((done) => lines.add(done)),
      drifters: () => [ann],
    };
    const notices = new NoticeService({
      store,
      publisher: publisher as never,
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

  it("[B6] the same is told once", async () => {
    const { notices, settle, told } = await open();
    await notices.notify(ann, "one", notice);
    await notices.notify(ann, "one", notice);
    await settle(true);
    await notices.notify(ann, "one", notice);
    expect(told).to.have.length(1);
  });
});
