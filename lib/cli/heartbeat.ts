const BEAT_EVERY_MS = 2_000;

/**
 * Sends heartbeats to the supervisor over the channel to the parent process, not through the store: a process is alive
 * even while the store is unreachable.
 */
export function sendHeartbeats(): void {
  if (!process.send) return;
  setInterval(() => {
    // A channel that broke is noticed by `disconnect`.
    if (process.connected) process.send?.({ heartbeat: true }, () => undefined);
  }, BEAT_EVERY_MS).unref();
}
