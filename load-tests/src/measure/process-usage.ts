import { readFileSync } from "node:fs";

/** Ticks of a second in which Linux counts CPU. */
const TICKS = 100;

export interface Usage {
  /** CPU that the process has used since its start, user and system, in ms. */
  cpuMs: number;
  /** Resident memory, in bytes. */
  rss: number;
}

/** What a process of this machine uses; null where it has ended, or where there is no /proc. */
export function usageOf(pid: number): Usage | null {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
    // The name, in parentheses, may hold anything.
    const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
    const status = readFileSync(`/proc/${pid}/status`, "utf8");
    const rssKb = Number(/VmRSS:\s*(\d+)/.exec(status)?.[1] ?? 0);
    const ticks = Number(fields[11]) + Number(fields[12]);
    return { cpuMs: (ticks / TICKS) * 1000, rss: rssKb * 1024 };
  } catch {
    return null;
  }
}
