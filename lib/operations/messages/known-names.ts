import { readFilterNames } from '@/lib/store/messages/list';
import type { Context } from '@/lib/context/context';
import { failuresNow } from '../failures/rows';
import { groupsNow } from '../groups/now';
import { sharedRead, type Patience } from '@/lib/context/shared-reads';

/** Each letter that is typed is a search, and counting what fails may take longer than a search may. */
const PATIENCE: Patience = { freshMs: 5_000, waitMs: 30, maxAgeMs: 60_000 };

const read = sharedRead(async (context: Context) => {
  const [names, groups, failures] = await Promise.all([
    readFilterNames(context.store, context.cluster.id),
    groupsNow(context),
    failuresNow(context),
  ]);
  return { names, groups, failures };
});

/** Everything that a word of a search may name, read at most once in five seconds for a cluster. */
export const knownNames = (context: Context) => read(context, PATIENCE);
