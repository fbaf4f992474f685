import type { ReceivedRecord } from './transport';

/** Records of one partition that are read and not yet behind the commit. */
const WINDOW = 500;

interface KeyQueue {
  records: ReceivedRecord[];
  running: boolean;
}

/**
 * Works one partition off outside the fetch loop: records of one key one after another, keys beside each other. What
 * waits for its next try holds only its own key. Offsets may therefore be done out of order; the commit is the end of
 * the unbroken run of done ones, and the set beyond it goes into the commit's metadata.
 */
export class PartitionQueue {
  private readonly queues = new Map<string, KeyQueue>();
  /** Offsets read and not behind the commit, in order; the log may have holes, so they need not follow each other. */
  private readonly open: bigint[] = [];
  private readonly done = new Set<bigint>();
  private readTo: bigint | undefined;
  private revoked = false;

  constructor(
    private readonly work: (record: ReceivedRecord, isRevoked: () => boolean) => Promise<boolean>,
    private readonly onFull: (full: boolean) => void,
  ) {}

  /** Takes records in order; those that an earlier commit names as done are not worked again. */
  add(records: ReceivedRecord[], already: ReadonlySet<string>): void {
    for (const record of records) {
      const offset = BigInt(record.offset);
      this.open.push(offset);
      this.readTo = offset + 1n;
      if (already.has(record.offset)) {
        this.done.add(offset);
        continue;
      }
      // Without a key nothing ties records together.
      const key = record.key === null ? `#${record.offset}` : record.key.toString('base64');
      const queue = this.queues.get(key) ?? { records: [], running: false };
      queue.records.push(record);
      this.queues.set(key, queue);
      if (!queue.running) void this.run(key, queue);
    }
    this.advance();
    if (this.open.length >= WINDOW) this.onFull(true);
  }

  /** The offset to commit and the set done beyond it; null where nothing was read yet. */
  position(): { offset: bigint; beyond: ReadonlySet<bigint> } | null {
    const offset = this.open[0] ?? this.readTo;
    return offset === undefined ? null : { offset, beyond: this.done };
  }

  revoke(): void {
    this.revoked = true;
    this.queues.clear();
  }

  private async run(key: string, queue: KeyQueue): Promise<void> {
    queue.running = true;
    for (let record = queue.records.shift(); record && !this.revoked; record = queue.records.shift()) {
      const finished = await this.work(record, () => this.revoked);
      if (this.revoked || !finished) return;
      this.done.add(BigInt(record.offset));
      this.advance();
      if (this.open.length < WINDOW / 2) this.onFull(false);
    }
    queue.running = false;
    if (queue.records.length === 0) this.queues.delete(key);
  }

  private advance(): void {
    while (this.open[0] !== undefined && this.done.delete(this.open[0])) this.open.shift();
  }
}
