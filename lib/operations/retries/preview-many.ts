import { groupBy } from '@/lib/domain/group-by';
import type { ManyPreview } from '@/lib/domain/retry-views';
import { defineOperation } from '../operation';
import { planMany } from './plan-many';
import { deliveriesSelected } from './selection';

/** The dry run of a retry of many deliveries of one group. Changes nothing. */
export const previewMany = defineOperation({
  name: 'retries.previewMany',
  permission: 'retries.read',
  input: deliveriesSelected,
  scope: ({ group }) => ({ group }),
  audit: null,
  async run(call, input): Promise<ManyPreview> {
    const { group, items, more } = await planMany(call, input);
    const open = items.filter((item) => item.skip === null);
    return {
      at: call.now().toISOString(),
      group,
      selected: items.length,
      open: open.length,
      more,
      targets: [...new Set(open.map((item) => item.targetTopic))],
      others: [...new Set(open.flatMap((item) => item.others))],
      skipped: [
        ...groupBy(
          items.filter((item) => item.skip !== null),
          (item) => item.skip,
        ),
      ].flatMap(([reason, list]) =>
        reason ? [{ reason, count: list.length, by: list[0]?.retriedBy?.operator ?? null }] : [],
      ),
    };
  },
});
