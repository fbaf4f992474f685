interface Slot {
  last: { at: number; keptMs: number; value: unknown } | null;
  next: Promise<unknown> | null;
}

/** How old an answer may be, and how long a caller waits for a newer one; all in milliseconds. */
export interface Patience {
  /** An answer of this age is returned without reading anew. */
  freshMs: number;
  /** How long a new reading is waited for where there is an older answer. */
  waitMs: number;
  /** An older answer than this is never returned. */
  maxAgeMs: number;
}

/** What is costly to read and the same for every caller, read once at a time (single-flight) on one cluster. */
export class SharedReads {
  private readonly slots = new Map<object, Slot>();

  /**
   * Answers a read. Concurrent callers share one reading.
   * @param key of the read
   * @param patience allows an answer that was read before; absent: the answer is read now
   * @param keptMs for how long an answer is given again, in milliseconds
   */
  async ask<T>(
    key: object,
    read: () => Promise<T>,
    patience?: Patience,
    keptMs: (value: T) => number = () => 0,
  ): Promise<T> {
    const slot = this.slots.get(key) ?? { last: null, next: null };
    this.slots.set(key, slot);
    const age = slot.last ? performance.now() - slot.last.at : Infinity;
    if (slot.last && patience && age < patience.freshMs) return slot.last.value as T;
    if (slot.last && age < slot.last.keptMs) return slot.last.value as T;
    slot.next ??= read()
      .then((value) => {
        slot.last = { at: performance.now(), keptMs: keptMs(value), value };
        return value;
      })
      .finally(() => (slot.next = null));
    const next = slot.next as Promise<T>;
    if (!slot.last || !patience || age > patience.maxAgeMs) return next;
    const older = slot.last.value as T;
    let timer: NodeJS.Timeout | undefined;
    const wait = new Promise<T>((resolve) => {
      timer = setTimeout(() => resolve(older), patience.waitMs);
    });
    return Promise.race([next, wait]).finally(() => clearTimeout(timer));
  }
}

/**
 * Makes a read shared.
 * @returns the reader; with `patience` it may answer with what was read before
 */
export function sharedRead<Context extends { shared: SharedReads }, T>(
  read: (context: Context) => Promise<T>,
): (context: Context, patience?: Patience) => Promise<T> {
  return (context, patience) => context.shared.ask(read, () => read(context), patience);
}

/**
 * As `sharedRead`; an answer is given again for a while where reading costs much, so that open pages cost little however much
 * there is to read.
 * @param keptMs milliseconds, by what was read
 */
export function keptRead<Context extends { shared: SharedReads }, T>(
  read: (context: Context) => Promise<T>,
  keptMs: (value: T) => number,
): (context: Context) => Promise<T> {
  return (context) => context.shared.ask(read, () => read(context), undefined, keptMs);
}

/** Reading so many rows costs next to nothing. */
const FEW_ROWS = 2_000;
/** For how long an answer is given again for each row that was read: reading one takes about a fiftieth of this. */
const KEPT_MS_EACH = 0.35;
const MAX_KEPT_MS = 30_000;

/** For how long an answer that took so many rows is given again, in milliseconds: pages left open cost 2 % of a core at most. */
export function keptMsFor(rows: number): number {
  return rows <= FEW_ROWS ? 0 : Math.min(MAX_KEPT_MS, rows * KEPT_MS_EACH);
}
