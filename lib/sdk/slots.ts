/** Limits how many handlers run at the same time. What waits for its next try holds no slot. */
export class Slots {
  /** Handlers that run now. */
  taken = 0;
  private readonly waiting = new Map<string, (() => void)[]>();

  constructor(private readonly limit: number) {}

  /** Resolves once a slot is free. */
  async acquire(partition: string): Promise<void> {
    if (this.taken < this.limit) {
      this.taken += 1;
      return;
    }
    const queue = this.waiting.get(partition) ?? [];
    this.waiting.set(partition, queue);
    await new Promise<void>((resolve) => queue.push(resolve));
  }

  /** Partitions take turns: one with a full window before it must not keep another from being read at all. */
  release(): void {
    const [turn] = this.waiting;
    if (!turn) {
      this.taken -= 1;
      return;
    }
    const [partition, queue] = turn;
    this.waiting.delete(partition);
    const next = queue.shift();
    if (queue.length > 0) this.waiting.set(partition, queue);
    next?.();
  }
}
