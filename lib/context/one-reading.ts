import type { Context } from './context';

interface Slot<T> {
  last: { at: number; value: T } | null;
  next: Promise<T> | null;
}

/** How old an answer may be, and how long one waits for a newer one; all in milliseconds. */
export interface Patience {
  /** An answer of this age is good. */
  freshMs: number;
  /** So long a new reading is waited for where there is an older answer. */
  waitMs: number;
  /** No answer is older than this. */
  mostAgeMs: number;
}

/**
 * One reading at a time of what is costly to read and the same for everybody, for each cluster: who asks while it is on
 * its way gets its answer.
 * @returns the reader; with `patience` it may answer with what was read before
 */
export function oneReading<T>(
  read: (context: Context) => Promise<T>,
): (context: Context, patience?: Patience) => Promise<T> {
  const stores = new WeakMap<Context['store'], Map<number, Slot<T>>>();
  return (context, patience) => {
    const slots = stores.get(context.store) ?? new Map<number, Slot<T>>();
    stores.set(context.store, slots);
    const slot: Slot<T> = slots.get(context.cluster.id) ?? { last: null, next: null };
    slots.set(context.cluster.id, slot);
    const age = slot.last ? performance.now() - slot.last.at : Infinity;
    if (slot.last && patience && age < patience.freshMs) return Promise.resolve(slot.last.value);
    slot.next ??= read(context)
      .then((value) => {
        slot.last = { at: performance.now(), value };
        return value;
      })
      .finally(() => (slot.next = null));
    if (!slot.last || !patience || age > patience.mostAgeMs) return slot.next;
    const older = slot.last.value;
    let timer: NodeJS.Timeout | undefined;
    const wait = new Promise<T>((resolve) => {
      timer = setTimeout(() => resolve(older), patience.waitMs);
    });
    return Promise.race([slot.next, wait]).finally(() => clearTimeout(timer));
  };
}
