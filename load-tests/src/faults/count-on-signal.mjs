// Loaded into a server that is measured: a signal makes it say what keeps it busy.
process.on("SIGUSR2", () => {
  const timers = process.getActiveResourcesInfo().filter((kind) => kind === "Timeout").length;
  process.stderr.write(`timers ${timers}\n`);
});
