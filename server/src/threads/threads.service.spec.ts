import { expect } from "chai";
import { nanoid } from "nanoid";
import type { BottleId, DrifterId, ThreadId, WriteId } from "@driftsea/protocol";
import type { Context } from "../lib/connection-context.ts";
import { ManualClock } from "../lib/clock.ts";
import { StoreUnavailable } from "../lib/errors.ts";
import { newPersona } from "../lib/personas.ts";
import { ThreadService } from "./threads.service.ts";
import { MemoryThreadStore } from "./threads.store.memory.ts";

const [ann, bo] = ["ann", "bo"] as [DrifterId, DrifterId];

describe("threads", () => {
  /** Bo has answered a bottle of Ann's; both are here. */
  const open = async () => {
    const store = new MemoryThreadStore(new ManualClock(Date.now()));
    const told: string[] = [];
    const notices: string[] = [];
    const nodes = {
      hear: () => {},
      onMissed: () => {},
      tell: async () => {},
      areOthers: false,
    };
    const threads = new ThreadService(
      store,
      {
        isConnected: () => true,
        drifters: () => [ann, bo],
        here: {
          toDrifter: (to: string, event: string, { message }: { message?: { text: string } }) =>
            void told.push([to, event, message?.text].join(" ")),
        },
      } as never,
      {
        notify: async (to: string, id: string) => void notices.push(`${to} ${id.split(":")[0]}`),
      } as never,
      nodes as never,
    );
    const id = nanoid<ThreadId>();
    await threads.begin({
      id,
      bottleId: nanoid<BottleId>(),
      bottle: { text: "who is there?", kind: "plain" },
      thrower: { drifter: ann, persona: newPersona() },
      finder: { drifter: bo, persona: newPersona() },
      answer: { writeId: nanoid<WriteId>(), text: "I am" },
    } as never);
    const line = { drifter: bo, connection: "line of bo" } as Context;
    const send = (text: string, writeId = nanoid<WriteId>()) =>
      threads.send(line, id, { writeId, text });
    return { id, nodes, notices, send, store, threads, told };
  };
  /** It is carried out, and its answer is lost. */
  const answerLost =
    <A extends unknown[], T>(act: (...args: A) => Promise<T>) =>
    async (...args: A): Promise<T> => {
      await act(...args);
      throw new StoreUnavailable();
    };
  const codeOf = (failing: Promise<unknown>): Promise<unknown> =>
    failing.then(
      () => "done",
      (error: { code: string }) => error.code,
    );

  it("[B6] [M9] what was written without an answer is told when it is written again, once", async () => {
    const { send, store, told, threads } = await open();
    const append = store.append.bind(store);
    store.append = answerLost(append);
    const writeId = nanoid<WriteId>();
    expect(await codeOf(send("hello", writeId))).to.equal("unavailable");
    expect(told).to.deep.equal([]);
    store.append = append;
    for (let i = 0; i < 2; i += 1) await send("hello", writeId);
    expect(told.filter((one) => one.startsWith("ann"))).to.deep.equal(["ann thread:message hello"]);
    threads.close();
  });

  it("[M1] a report of a whole thread holds what the other wrote, and not one's own words", async () => {
    const { id, send, threads } = await open();
    const anns = { drifter: ann, connection: "line of ann" } as Context;
    const quoted = async (who: DrifterId): Promise<string[]> =>
      (await threads.quote(who, id, undefined)).texts;
    expect(await quoted(ann)).to.deep.equal(["I am"]);
    expect(await quoted(bo)).to.deep.equal(["who is there?"]);
    await threads.send(anns, id, { writeId: nanoid<WriteId>(), text: "leave me alone" });
    for (let i = 0; i < 25; i += 1) await send(`threat ${i}`);
    expect(await quoted(bo)).to.deep.equal(["leave me alone"]);
    const last = Array.from({ length: 20 }, (_, i) => `threat ${i + 5}`);
    expect(await quoted(ann)).to.deep.equal(last);
    threads.close();
  });

  it("[B6] [M9] what could not be read while the store was away is told when it is back", async () => {
    const { nodes, send, store, told, threads } = await open();
    // Others may have written in between: the log has to say so.
    nodes.areOthers = true;
    const messages = store.messages.bind(store);
    store.messages = () => Promise.reject(new StoreUnavailable());
    await send("hello");
    await threads.tend();
    expect(told).to.deep.equal([]);
    store.messages = messages;
    await threads.tend();
    expect(told.filter((one) => one.startsWith("ann"))).to.deep.equal(["ann thread:message hello"]);
    threads.close();
  });

  it("[B9] [M9] whose leaving had no answer is told of when he leaves again, or is forgotten", async () => {
    for (const again of ["leave", "erase"] as const) {
      const { id, notices, store, threads } = await open();
      const leave = store.leave.bind(store);
      store.leave = answerLost(leave);
      expect(await codeOf(threads.leave(bo, id))).to.equal("unavailable");
      expect(notices).to.deep.equal([]);
      store.leave = leave;
      if (again === "leave") expect(await codeOf(threads.leave(bo, id))).to.equal("gone");
      else await threads.erase(bo);
      expect(notices, again).to.deep.equal(["ann closed"]);
      threads.close();
    }
  });

  it("[B9] of a thread that was never his nobody can leave", async () => {
    const { id, notices, threads } = await open();
    expect(await codeOf(threads.leave("eve" as DrifterId, id))).to.equal("gone");
    expect(notices).to.deep.equal([]);
    threads.close();
  });
});
