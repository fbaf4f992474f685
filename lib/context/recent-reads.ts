const HOUR_MS = 3_600_000;
const MAX_KNOWN = 10_000;

/** Which reads this process has written into the audit in the present hour, so that it does not ask for each again. */
export class RecentReads {
  private hour = 0;
  private readonly known = new Set<string>();

  /** Whether a read was written in this hour; from now on it counts as written. */
  wasWritten(key: string, now: number): boolean {
    const hour = Math.floor(now / HOUR_MS);
    if (hour !== this.hour || this.known.size >= MAX_KNOWN) this.known.clear();
    this.hour = hour;
    if (this.known.has(key)) return true;
    this.known.add(key);
    return false;
  }

  /** A read that could not be written is written the next time. */
  forget(key: string): void {
    this.known.delete(key);
  }
}
