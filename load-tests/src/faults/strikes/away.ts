import { PATIENCE_MS } from "../../net/client.ts";
import { usageOf } from "../../measure/process-usage.ts";
import { pause } from "../../run/together.ts";
import { Proxy } from "../proxy.ts";
import { onScene } from "./kills.ts";
import { round, times } from "./strike.ts";
import type { Finding, Strike, Terms } from "./strike.ts";

/** A write gets its `unavailable` within, in ms. */
const ANSWER_WITHIN_MS = 2000;
const BACK_WITHIN_MS = 3000;
/** `/readyz` says it within, in ms: it asks the store itself, and waits for it as long as a write does. */
const SAID_WITHIN_MS = 3000;
const GROWTH_MAX = 50 * 2 ** 20;
const LOOK_MS = 100;

interface Outage {
  begin: () => void;
  end: () => void;
}

/** For 10 s the store gives no answer: it stands still, or nothing reaches it. */
async function away(
  terms: Terms,
  done: string,
  outage: (scene: { stop: (signal: NodeJS.Signals) => void }) => Outage,
  redisUrl?: (redis: { port: number }) => Promise<string>,
): Promise<Finding> {
  const awayMs = terms.isLong ? 10_000 : 3000;
  const outages = terms.times ?? (terms.isLong ? 5 : 1);
  const gaps: { from: number; to: number }[] = [];
  let refused = 0;
  const waits: number[] = [];
  const otherwise: Record<string, number> = {};
  return onScene(
    terms,
    {
      ...(redisUrl && { redisUrl }),
      load: {
        onAnswer: (sentAt, answer) => {
          const now = performance.now();
          // Whatever was asked or answered while it was away, or waited all that time.
          if (!gaps.some(({ from, to }) => sentAt <= to && now >= from)) return;
          waits.push(now - sentAt);
          if (answer.ok) return;
          const { code } = answer.error;
          if (code === "unavailable") refused += 1;
          else otherwise[code] = (otherwise[code] ?? 0) + 1;
        },
      },
    },
    async ({ redis, server, load, judge }) => {
      const { begin, end } = outage({ stop: (signal) => redis.signal(signal) });
      const [backs, grown, said]: [number[], number[], number[]] = [[], [], []];
      const { pid } = server;
      for (let i = 0; i < outages; i += 1) {
        await pause(500 + terms.rng.uniform() * 1000);
        const before = usageOf(pid)!.rss;
        load.fails();
        begin();
        const from = performance.now();
        const time = { from, to: Infinity };
        gaps.push(time);
        let most = before;
        let notReadyAt: number | null = null;
        const look = (): void => void (most = Math.max(most, usageOf(pid)?.rss ?? 0));
        while (performance.now() < from + awayMs) {
          look();
          const state = await server.readyz();
          if (state === 503) notReadyAt ??= performance.now() - from;
          else judge.holds(notReadyAt === null, `/readyz was ${state} again`);
          await pause(LOOK_MS);
        }
        judge.holds((await server.readyz()) === 503, "at the end /readyz was not 503");
        end();
        time.to = performance.now();
        const endAt = time.to;
        const looking = setInterval(look, LOOK_MS);
        const written = await load.acknowledgedSince(endAt).finally(() => clearInterval(looking));
        while ((await server.readyz()) !== 200) await pause(10);
        backs.push(Math.max(written, performance.now() - endAt));
        load.works();
        said.push(notReadyAt ?? Infinity);
        grown.push(most - before);
      }
      // Who asked last has his answer by then, or none.
      await pause(terms.isLong ? PATIENCE_MS + 1000 : 1000);
      judge.holds(server.pid === pid && server.crashes === 0, "the server has ended");
      judge.holds(refused > 0, "no write was refused");
      for (const [code, count] of Object.entries(otherwise))
        judge.faults.push(`${count} writes got ${code}, and not unavailable`);
      judge.within("an answer", Math.max(...waits), ANSWER_WITHIN_MS);
      judge.within("/readyz 503", Math.max(...said), SAID_WITHIN_MS);
      judge.holds(
        Math.max(...grown) <= GROWTH_MAX,
        `${round(Math.max(...grown) / 2 ** 20)} MB more`,
      );
      judge.within("as before", Math.max(...backs), BACK_WITHIN_MS);
      return {
        done: `${outages} × ${done} for ${awayMs / 1000} s`,
        figures: {
          "writes refused": `${refused}, each answered after ${times(waits)}`,
          "/readyz 503 after": times(said),
          memory: `+ ${round(Math.max(...grown) / 2 ** 20)} MB at most`,
          "as before after": times(backs),
        },
      };
    },
  );
}

const stopRedis: Strike = {
  summary: "Redis stands still",
  run: (terms) =>
    away(terms, "SIGSTOP of Redis", ({ stop }) => ({
      begin: () => stop("SIGSTOP"),
      end: () => stop("SIGCONT"),
    })),
};

const cutNet: Strike = {
  summary: "nothing reaches Redis, and nothing comes from it",
  run: async (terms) => {
    let proxy: Proxy | null = null;
    try {
      return await away(
        terms,
        "no net to Redis",
        () => ({ begin: () => proxy!.hold(), end: () => proxy!.release() }),
        async ({ port }) => (proxy = await Proxy.start(port)).url,
      );
    } finally {
      await (proxy as Proxy | null)?.stop();
    }
  },
};

export const awayFor = { "stop-redis": stopRedis, "cut-net": cutNet };
