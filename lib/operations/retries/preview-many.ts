import { groupBy } from '@/lib/values/group-by';
import type { ManyPreview } from '@/lib/contract/retries';
import { defineOperation } from '../operation';
import { planRetry, type PlannedItem } from './plan';
import { deliveriesOfGroup } from './selection';
import { unreadTargets } from './unread-targets';

/** Messages that are named of those that are skipped for one reason. */
const MAX_NAMED = 20;

/** The dry run of a retry of many deliveries of one group. Changes nothing. */
export const previewMany = defineOperation({
  name: 'retries.preview-many',
  permission: 'retries.read',
  input: deliveriesOfGroup,
  scope: ({ group }) => ({ group }),
  audit: null,
  async run(call, input): Promise<ManyPreview> {
    const { items, more } = await planRetry(call, input);
    const open = items.filter((item) => item.skip === null);
    const targets = [...new Set(open.map((item) => item.targetTopic))];
    return {
      at: call.now().toISOString(),
      unread: await unreadTargets(call, targets),
      group: input.group,
      selected: items.length,
      open: open.length,
      more,
      targets,
      alone: open.every((item) => item.alone),
      overwriting: [
        ...new Set(items.filter((item) => item.skip === 'would_overwrite').map((item) => item.targetTopic)),
      ],
      others: [
        ...new Set(
          items
            .filter((item) => item.skip === null || item.skip === 'would_overwrite')
            .flatMap((item) => item.others),
        ),
      ],
      skipped: skippedOf(items),
    };
  },
});

function skippedOf(items: PlannedItem[]): ManyPreview['skipped'] {
  const kinds = groupBy(
    items.filter((item) => item.skip !== null),
    (item) => `${item.skip} ${item.retriedBy?.retryId ?? ''}`,
  );
  return [...kinds.values()].flatMap((list) => {
    const [first] = list;
    if (!first?.skip) return [];
    const { skip: reason, retriedBy } = first;
    return [
      {
        reason,
        count: list.length,
        retry: retriedBy && {
          id: retriedBy.retryId,
          by: retriedBy.operator,
          since: retriedBy.at.toISOString(),
        },
        messageIds: list.slice(0, MAX_NAMED).map((item) => item.messageId),
      },
    ];
  });
}
