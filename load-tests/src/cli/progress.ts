import type { Progress } from "../run/run.ts";

/** Between two lines where nothing can be overwritten, in ms. */
const PLAIN_EVERY_MS = 5000;

const seconds = (ms: number): string => (Math.max(0, ms) / 1000).toFixed(0);

/** What a run is doing, in one line. */
export function progressLine({ doing, elapsedMs, totalMs, point, broken }: Progress): string {
  if (doing !== "running") return `${doing} …`;
  const parts = [`${seconds(elapsedMs)} of ${seconds(totalMs)} s`];
  for (const [name, { count, errors, p99Ms }] of Object.entries(point?.operations ?? {})) {
    const failed = errors > 0 ? `, ${errors} errors` : "";
    parts.push(`${name} ${count}/s p99 ${p99Ms.toFixed(1)} ms${failed}`);
  }
  if (point?.server) parts.push(`server ${point.server.cpuPercent.toFixed(0)} %`);
  if (broken > 0) parts.push(`${broken} BROKEN`);
  return parts.join("  ");
}

/** Shows progress: one line that is written over on a terminal, else one each five seconds. */
export class ProgressView {
  readonly #out: NodeJS.WriteStream;
  #lastAt = -Infinity;

  constructor(out: NodeJS.WriteStream) {
    this.#out = out;
  }

  show(progress: Progress, nowMs: number): void {
    const line = progressLine(progress);
    if (this.#out.isTTY) {
      this.#out.write(`\r${line.slice(0, this.#out.columns - 1)}\u001b[K`);
      return;
    }
    if (nowMs - this.#lastAt < PLAIN_EVERY_MS) return;
    this.#lastAt = nowMs;
    this.#out.write(`${line}\n`);
  }

  end(): void {
    if (this.#out.isTTY) this.#out.write("\r\u001b[K");
  }
}
