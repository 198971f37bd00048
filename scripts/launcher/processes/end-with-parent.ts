// Preloaded into our own Node processes: when the launcher is gone, however it went, they shut down as on SIGTERM.

// Longer than a graceful end takes while the services are still there; without them it may never come.
const graceMs = 10_000;

process.once('disconnect', () => {
  setTimeout(() => process.exit(1), graceMs).unref();
  process.kill(process.pid, 'SIGTERM');
});
