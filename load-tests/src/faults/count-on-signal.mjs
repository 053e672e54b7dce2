// Loaded into a server that is measured: a signal makes it collect its garbage and say what it holds.
process.on("SIGUSR2", () => {
  globalThis.gc();
  const timers = process.getActiveResourcesInfo().filter((kind) => kind === "Timeout").length;
  const { rss, heapUsed } = process.memoryUsage();
  process.stderr.write(`holds ${timers} ${rss} ${heapUsed}\n`);
});
