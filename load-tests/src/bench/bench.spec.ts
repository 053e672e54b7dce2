import { nanoid } from "nanoid";
import { expect } from "chai";
import { startServer } from "../../../server/test/harness/server.ts";
import { Client } from "../net/client.ts";
import type { Answer } from "../net/client.ts";
import { childrenOf, usageOf } from "../measure/process-usage.ts";
import { socketUrl } from "../net/target.ts";
import { bench } from "../testing/command-line.ts";
import { until } from "../run/together.ts";
import { SUBJECTS } from "./subjects.ts";
import { asTable } from "./table.ts";
import { judgeTargets, middle } from "./targets.ts";

/** Lengths in bytes of what a server sends on a connection and on a message. */
async function bytesOf(url: URL): Promise<Record<string, number>> {
  const bytes: Record<string, number> = {};
  const size = (value: unknown): number => Buffer.byteLength(JSON.stringify(value));
  const event = (name: string, data: unknown): void => void (bytes[name] = size(data));
  const ears = { event, lost: () => {} };
  const client = await Client.connect({ url: socketUrl(url), auth: { protocol: 1 } }, ears);
  const ask = (name: string, payload: object): Promise<Answer> =>
    new Promise((done) => client.ask(name, payload, done));
  const lifetime = { kind: "fixed", ms: 600_000 };
  const made = await ask("room:create", { id: nanoid(), lifetime, access: "listed", capacity: 2 });
  if (!made.ok) throw new Error(made.error.code);
  const roomId = (made.data as { room: { id: string } }).room.id;
  await ask("room:enter", { roomId });
  bytes["reply"] = size(await ask("room:send", { id: nanoid(), roomId, text: "calm" }));
  await until(() => "room:message" in bytes && "session:ready" in bytes, 5000);
  client.close();
  return bytes;
}

/** It is built for some versions of Node alone. */
const hasUws = (): Promise<boolean> =>
  import("uWebSockets.js").then(
    () => true,
    () => false,
  );

describe("the bench beside its peers", () => {
  it("[M10] the peers carry the bytes that Driftsea does", async function () {
    this.timeout(30_000);
    const names = (await hasUws()) ? (["raw", "uws", "ws"] as const) : (["ws"] as const);
    const server = await startServer({ RATE_LIMITS: "off" });
    const own = await bytesOf(new URL(server.url));
    await server.close();
    for (const name of names) {
      const peer = await SUBJECTS[name].start();
      const bytes = await bytesOf(peer.url);
      await peer.stop();
      for (const what of ["session:ready", "room:message", "reply"])
        expect(bytes[what], `${name} ${what}`).to.be.closeTo(own[what]!, own[what]! * 0.05);
    }
  });

  it("[M10] told to end, it takes its peers and servers along", async function () {
    this.timeout(60_000);
    const running = bench("--only=room2");
    const first = (): number[] => childrenOf(running.pid);
    expect(await until(() => first().length > 1, 30_000), running.stderr()).to.equal(true);
    const started = first();
    process.kill(running.pid, "SIGTERM");
    expect((await running.ended).code).to.equal(130);
    expect(await until(() => started.every((pid) => usageOf(pid) === null), 15_000)).to.equal(true);
  });

  it("[M10] a target is a ratio of one run, or a figure, and says whether it was held", () => {
    const figures = {
      room2: { raw: 30, uws: 40, ws: 80, memory: 50, redis: 80 },
      memory: { memory: 9.5 },
    };
    const judged = judgeTargets(figures).map(({ value, held }) => [value, held]);
    expect(judged).to.deep.equal([
      [1.25, true],
      [1, false],
      [9.5, false],
    ]);
    const table = asTable(figures, { room2: 12 });
    expect(table).to.include(
      "| CPU a message, room of 2, µs | 30.0 | 40.0 | 80.0 | 50.0 | 80.0 | 12.0 |",
    );
    expect(table).to.match(/≤ 1\.3 × Socket\.IO on uWebSockets\.js \| 1\.25 \| held \|/);
    expect(table).to.match(/≤ 0\.95 × Socket\.IO on ws \| 1\.00 \| not held \|/);
    expect(table).to.match(/Driftsea in memory ≤ 9 kB \| 9\.50 \| not held \|/);
    expect(middle([3, 1, 2])).to.equal(2);
    expect(middle([4, 1])).to.equal(2.5);
  });
});
