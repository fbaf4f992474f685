import { z } from 'zod';
import { countOpenItems } from '@/lib/store/retries/open';
import { noteVisit } from '@/lib/store/operators/visits';
import { failuresNow } from '../failures/rows';
import { groupsNow } from '../groups/now';
import { defineOperation } from '../operation';

/** How many things at each place need a person: what the badges of the navigation count, and nothing else. */
export const countAttention = defineOperation({
  name: 'overview.attention',
  permission: 'groups.read',
  input: z.strictObject({}),
  scope: () => ({}),
  audit: null,
  async run(call) {
    const [failures, groups, items] = await Promise.all([
      failuresNow(call),
      groupsNow(call),
      countOpenItems(call.store, call.cluster.id),
      // Every page asks for this as long as it is in view.
      noteVisit(call.store, call.actor.id),
    ]);
    return {
      failures: failures.filter((failure) => failure.gaveUp > 0).length,
      groups: groups.filter((group) => group.standing === 'needs_a_look').length,
      retries: new Set(items.map((item) => item.retryId)).size,
    };
  },
});
