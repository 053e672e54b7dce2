// Loaded into a server that is measured: a signal makes it collect its garbage and say what it holds.
import { Session } from "node:inspector";

const session = new Session();
session.connect();
process.on("SIGUSR2", () => {
  // All of it, and its pages given back: one collection alone leaves a half of them.
  session.post("HeapProfiler.collectGarbage", () => {
    const timers = process.getActiveResourcesInfo().filter((kind) => kind === "Timeout").length;
    const { rss, heapUsed } = process.memoryUsage();
    process.stderr.write(`holds ${timers} ${rss} ${heapUsed}\n`);
  });
});
