import { readFileSync, readdirSync } from "node:fs";

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
    const status = readFileSync(`/proc/${pid}/status`, "utf8");
    const rssKb = Number(/VmRSS:\s*(\d+)/.exec(status)?.[1] ?? 0);
    return { cpuMs: exactCpuMs(pid) ?? cpuMs(pid), rss: rssKb * 1024 };
  } catch {
    return null;
  }
}

/** What each of several uses, by its id; without those that have ended. */
export function usagesOf(pids: readonly number[]): ReadonlyMap<number, Usage> {
  const usages = new Map<number, Usage>();
  for (const pid of pids) {
    const usage = usageOf(pid);
    if (usage) usages.set(pid, usage);
  }
  return usages;
}

/** Processes that this one has started; none where it has ended. */
export function childrenOf(pid: number): number[] {
  try {
    const text = readFileSync(`/proc/${pid}/task/${pid}/children`, "utf8").trim();
    return text === "" ? [] : text.split(" ").map(Number);
  } catch {
    return [];
  }
}

/** How a process was started; nothing where it has ended. */
export function commandOf(pid: number): string[] {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, "utf8").split("\0");
  } catch {
    return [];
  }
}

/** To the nanosecond, over all threads; null where the kernel does not say. */
function exactCpuMs(pid: number): number | null {
  try {
    const times = readdirSync(`/proc/${pid}/task`).map((thread) =>
      Number(readFileSync(`/proc/${pid}/task/${thread}/schedstat`, "utf8").split(" ")[0]),
    );
    return times.reduce((sum, ns) => sum + ns, 0) / 1e6;
  } catch {
    return null;
  }
}

/** To the tick. */
function cpuMs(pid: number): number {
  const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
  // The name, in parentheses, may hold anything.
  const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
  return ((Number(fields[11]) + Number(fields[12])) / TICKS) * 1000;
}
