const MAX_AT_ONCE = 5_000;

interface Waiting<T> {
  items: T[];
  resolve: () => void;
  reject: (error: unknown) => void;
}

/**
 * Writes what many requests bring together in few transactions: while one is under way, the next gathers. When a whole
 * one fails, each request is written on its own, so that one request's fault is not another's.
 */
export class Batcher<T> {
  private waiting: Waiting<T>[] = [];
  private working: Promise<void> | undefined;

  constructor(private readonly write: (items: T[]) => Promise<void>) {}

  /** Resolves when the items are written. */
  add(items: T[]): Promise<void> {
    return new Promise((resolve, reject) => {
      this.waiting.push({ items, resolve, reject });
      this.working ??= this.work().finally(() => {
        this.working = undefined;
      });
    });
  }

  async drain(): Promise<void> {
    await this.working;
  }

  private async work(): Promise<void> {
    while (this.waiting.length > 0) {
      const taken: Waiting<T>[] = [];
      let count = 0;
      for (
        let next = this.waiting[0];
        next && (count === 0 || count + next.items.length <= MAX_AT_ONCE);
        next = this.waiting[0]
      ) {
        taken.push(next);
        count += next.items.length;
        this.waiting.shift();
      }
      await this.writeTogether(taken);
    }
  }

  private async writeTogether(taken: Waiting<T>[]): Promise<void> {
    try {
      await this.write(taken.flatMap((item) => item.items));
      for (const item of taken) item.resolve();
    } catch (error) {
      if (taken.length === 1) {
        taken[0]?.reject(error);
        return;
      }
      for (const item of taken) await this.write(item.items).then(item.resolve, item.reject);
    }
  }
}
