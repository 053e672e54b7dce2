/** How long things took, in ms, by name. */
export class Latencies {
  readonly #samples = new Map<string, number[]>();

  add(name: string, ms: number): void {
    const samples = this.#samples.get(name);
    if (samples) samples.push(ms);
    else this.#samples.set(name, [ms]);
  }

  /** Runs something and notes how long it took, unless it failed. */
  async time<T>(name: string, work: () => Promise<T>): Promise<T> {
    const began = performance.now();
    const result = await work();
    this.add(name, performance.now() - began);
    return result;
  }

  count(name: string): number {
    return this.#samples.get(name)?.length ?? 0;
  }

  /** One line for each name: how many, p50, p95, p99 and the longest. */
  lines(): string[] {
    return [...this.#samples].map(([name, samples]) => {
      const sorted = samples.toSorted((a, b) => a - b);
      const figures = [0.5, 0.95, 0.99, 1].map((q) => percentile(sorted, q).toFixed(1).padStart(8));
      return `${name.padEnd(22)}${String(sorted.length).padStart(8)}${figures.join("")}`;
    });
  }
}

/** Nearest rank: the smallest sample that at least the share `q` of all does not exceed. */
export function percentile(sorted: readonly number[], q: number): number {
  return sorted[Math.max(0, Math.ceil(q * sorted.length) - 1)] ?? Number.NaN;
}
