const BEAT_EVERY_MS = 2_000;

/** Tells the supervisor that this process works, by its own channel: a store that is away says nothing about a process. */
export function sendHeartbeats(): void {
  if (!process.send) return;
  setInterval(() => {
    // A channel that broke is noticed by `disconnect`.
    if (process.connected) process.send?.({ heartbeat: true }, () => undefined);
  }, BEAT_EVERY_MS).unref();
}
