/** Who waits: everything that decides about the order. */
export interface Claim {
  /** Whose it is, for the limit of each: an address, a device. */
  key: string;
  /** The smaller, the sooner; of equal ones the newest comes first. */
  rank: number;
  /** Aborts when the client is gone. */
  signal: AbortSignal;
}

/** Why waiting ended without a turn. */
export type Refusal = 'full' | 'late' | 'gone';

interface Waiter extends Claim {
  number: number;
  settle(outcome: 'turn' | Refusal): void;
}

/**
 * A bounded list of callers that wait for a turn. It is in the order of rank, so that the caller with the fewest attempts
 * is first. When the list is full, a newcomer takes the place of the last in that order.
 */
export class WaitingList {
  private readonly waiters = new Set<Waiter>();
  private number = 0;

  constructor(private readonly limits: { max: number; maxPerKey: number; deadlineMs: number }) {}

  get size(): number {
    return this.waiters.size;
  }

  /** Waits for a turn. @returns null when it came, else why it did not */
  wait(claim: Claim): Promise<Refusal | null> {
    return new Promise((resolve) => {
      const waiter: Waiter = { ...claim, number: (this.number += 1), settle: () => undefined };
      const stop = (): void => waiter.settle('gone');
      const timer = setTimeout(() => waiter.settle('late'), this.limits.deadlineMs);
      waiter.settle = (outcome) => {
        if (!this.waiters.delete(waiter)) return;
        clearTimeout(timer);
        claim.signal.removeEventListener('abort', stop);
        resolve(outcome === 'turn' ? null : outcome);
      };
      this.waiters.add(waiter);
      claim.signal.addEventListener('abort', stop);
      if (claim.signal.aborted) stop();
      else this.keepWithinLimits(claim.key);
    });
  }

  /** Admits the first waiting caller. @returns whether there was one */
  next(): boolean {
    let first: Waiter | undefined;
    for (const waiter of this.waiters) if (!first || isBefore(waiter, first)) first = waiter;
    first?.settle('turn');
    return first !== undefined;
  }

  private keepWithinLimits(key: string): void {
    const ofKey = [...this.waiters].filter((waiter) => waiter.key === key);
    if (ofKey.length > this.limits.maxPerKey) ofKey.at(-1)?.settle('full');
    if (this.waiters.size <= this.limits.max) return;
    let last: Waiter | undefined;
    for (const waiter of this.waiters) if (!last || isBefore(last, waiter)) last = waiter;
    last?.settle('full');
  }
}

function isBefore(a: Waiter, b: Waiter): boolean {
  return a.rank !== b.rank ? a.rank < b.rank : a.number > b.number;
}

/** Lets so many work at once; the others wait in a list. */
export class FairLimiter {
  private free: number;
  private readonly list: WaitingList;

  constructor(permits: number, limits: { max: number; maxPerKey: number; deadlineMs: number }) {
    this.free = permits;
    this.list = new WaitingList(limits);
  }

  /** How many wait. */
  get waiting(): number {
    return this.list.size;
  }

  /** Runs work when there is a permit. @returns the result, or why there was no turn */
  async run<T>(claim: Claim, work: () => Promise<T>): Promise<{ result: T } | { refusal: Refusal }> {
    if (this.free > 0) this.free -= 1;
    else {
      const refusal = await this.list.wait(claim);
      if (refusal !== null) return { refusal };
    }
    try {
      return { result: await work() };
    } finally {
      // The permit goes to the next in order without becoming free in between.
      if (!this.list.next()) this.free += 1;
    }
  }
}
