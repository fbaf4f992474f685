import type { FailureRow } from '@/lib/domain/failure-views';
import type { GroupListRow } from '@/lib/domain/group-views';
import { readFilterNames } from '@/lib/store/messages/list';
import { failureRows } from '../failures/rows';
import { groupsNow } from '../groups/now';
import type { Call } from '../operation';

/** Everything that a word of a search may name. */
export interface KnownNames {
  names: Awaited<ReturnType<typeof readFilterNames>>;
  groups: GroupListRow[];
  failures: FailureRow[];
}

/** Each letter that is typed is a search; within this time they share one reading. */
const FRESH_MS = 1_000;
/** A search waits so long for a new reading where there is an older one, and never shows one older than a minute. */
const PATIENCE_MS = 120;
const MOST_AGE_MS = 60_000;

interface Kept {
  at: number;
  known: KnownNames;
}
const kept = new WeakMap<
  Call['store'],
  Map<number, { last: Kept | null; next: Promise<KnownNames> | null }>
>();

/** Names of now, read at most once a second for a cluster: counting what fails takes longer than a search may. */
export async function knownNames(call: Call): Promise<KnownNames> {
  const clusters = kept.get(call.store) ?? new Map<number, { last: Kept | null; next: null }>();
  kept.set(call.store, clusters);
  const slot = clusters.get(call.cluster.id) ?? { last: null, next: null };
  clusters.set(call.cluster.id, slot);
  const age = slot.last ? performance.now() - slot.last.at : Infinity;
  if (slot.last && age < FRESH_MS) return slot.last.known;
  slot.next ??= read(call)
    .then((known) => {
      slot.last = { at: performance.now(), known };
      return known;
    })
    .finally(() => (slot.next = null));
  if (!slot.last || age > MOST_AGE_MS) return slot.next;
  const older = slot.last.known;
  return Promise.race([
    slot.next,
    new Promise<KnownNames>((resolve) => setTimeout(() => resolve(older), PATIENCE_MS)),
  ]);
}

async function read(call: Call): Promise<KnownNames> {
  const [names, groups, failures] = await Promise.all([
    readFilterNames(call.store, call.cluster.id),
    groupsNow(call),
    failureRows(call, null),
  ]);
  return { names, groups, failures };
}
