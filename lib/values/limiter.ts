/** Why work was not begun: too many wait, or its turn did not come in time. */
export type LimiterRefusal = 'full' | 'late';

interface Waiter {
  begin(): void;
}

/** Lets so many work at once; a bounded number of others wait for their turn, first come, first served, until a deadline. */
export class Limiter {
  private free: number;
  private readonly waiters = new Set<Waiter>();

  constructor(
    private readonly permits: number,
    private readonly limits: { max: number; deadlineMs: number },
  ) {
    this.free = permits;
  }

  /** Whether nothing is under way and nothing waits. */
  get isIdle(): boolean {
    return this.free === this.permits && this.waiters.size === 0;
  }

  /** How many wait for their turn. */
  get waiting(): number {
    return this.waiters.size;
  }

  /** Runs work when there is a permit. @returns its result, or why it was not begun */
  async run<T>(work: () => Promise<T>): Promise<{ result: T } | { refusal: LimiterRefusal }> {
    if (this.free > 0) this.free -= 1;
    else {
      const refusal = await this.wait();
      if (refusal !== null) return { refusal };
    }
    try {
      return { result: await work() };
    } finally {
      // The permit goes to the next in order without becoming free in between.
      const [next] = this.waiters;
      if (next) next.begin();
      else this.free += 1;
    }
  }

  private wait(): Promise<LimiterRefusal | null> {
    if (this.waiters.size >= this.limits.max) return Promise.resolve('full');
    return new Promise((resolve) => {
      const settle = (refusal: LimiterRefusal | null): void => {
        clearTimeout(timer);
        this.waiters.delete(waiter);
        resolve(refusal);
      };
      const waiter: Waiter = { begin: () => settle(null) };
      const timer = setTimeout(() => settle('late'), this.limits.deadlineMs);
      this.waiters.add(waiter);
    });
  }
}
