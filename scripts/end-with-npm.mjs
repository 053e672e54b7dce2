// A shell between npm and us ends by SIGTERM and does not pass it on: we notice that it is gone. To be imported by
// whoever listens to signals already.
if (process.env.npm_lifecycle_event !== undefined) {
  const shell = process.ppid;
  const watch = setInterval(() => {
    if (process.ppid === shell) return;
    clearInterval(watch);
    process.kill(process.pid, "SIGTERM");
  }, 200);
  watch.unref();
  // Whoever was told by a signal of his own is not told again.
  for (const signal of ["SIGTERM", "SIGINT", "SIGHUP"])
    // Who does not listen to one ends by it: a listener of ours would keep him.
    if (process.listenerCount(signal) > 0) process.once(signal, () => clearInterval(watch));
}
