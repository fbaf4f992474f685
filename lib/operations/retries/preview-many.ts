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
    // A person may agree to send these as well.
    const concerned = items.filter((item) => item.skip === null || item.skip === 'would_overwrite');
    const targets = [...new Set(open.map((item) => item.targetTopic))];
    return {
      at: call.now().toISOString(),
      unread: await unreadTargets(call, targets),
      group: input.group,
      selected: items.length,
      open: open.length,
      more,
      targets,
      alone: concerned.every((item) => item.alone),
      overwriting: overwritingOf(items),
      others: [...new Set(concerned.flatMap((item) => item.others))],
      skipped: skippedOf(items),
    };
  },
});

function overwritingOf(items: PlannedItem[]): ManyPreview['overwriting'] {
  const byTopic = groupBy(
    items.filter((item) => item.overwrites !== null),
    (item) => item.targetTopic,
  );
  return [...byTopic].map(([topic, list]) => ({
    topic,
    isCompacted: list.some((item) => item.overwrites?.isCompacted),
    count: list.length,
    some: list.slice(0, MAX_NAMED).map(({ messageId, key, overwrites }) => ({
      messageId,
      key,
      position: overwrites?.position ?? null,
    })),
  }));
}

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
