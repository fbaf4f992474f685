import { FAILING_DELIVERY } from '@/lib/domain/messages/status';
import { z } from 'zod';
import { failureOfPath, NONE } from '@/lib/contract/paths';
import { commonFrames } from '@/lib/domain/failures/stack';
import type { FailureView } from '@/lib/contract/failures';
import { abilityTo } from '@/lib/domain/operators/permissions';
import { CourierError } from '@/lib/errors';
import { readStacks } from '@/lib/store/failures/stacks';
import { LAST_ID } from '@/lib/store/messages/filter';
import { listMessages } from '@/lib/store/messages/list';
import { EMPTY_FILTER } from '../messages/filter';
import { defineOperation } from '../operation';
import { failureRows, TREND_STEP_SECONDS, trendBegin } from './rows';
import { groupName, text } from '@/lib/protocol/strings';

/** Members whose stacks are compared. */
const MAX_COMPARED = 20;
const part = text(10_000);

/** One failure: what it is, when it began, the frames that its members share. */
export const getFailure = defineOperation({
  name: 'failures.get',
  permission: 'messages.read',
  input: z.strictObject({ group: groupName, type: part, error: part }),
  scope: ({ group }) => ({ group }),
  audit: null,
  async run(call, input): Promise<FailureView> {
    const key = failureOfPath(input.group, input.type, input.error);
    const groupId = await call.catalog.findGroup(key.group);
    const [row] = await failureRows(call, { groupId, type: key.type, error: key.error });
    if (!row) {
      throw new CourierError(
        'not_found',
        `No message fails in ${key.group} with ${key.error ?? 'an error without a type'} now.`,
      );
    }
    const members = await listMessages(
      call.store,
      call.partitions,
      {
        ...EMPTY_FILTER,
        clusterId: call.cluster.id,
        groupId,
        statuses: [...FAILING_DELIVERY],
        columns: { type: key.type ?? NONE },
        error: key.error ?? NONE,
      },
      LAST_ID,
      MAX_COMPARED,
    );
    const reported = await readStacks(
      call.store,
      call.partitions,
      members.map(({ id }) => ({ messageId: id, groupId })),
    );
    const stacks = reported.filter((stack) => stack !== null);
    return {
      ...row,
      at: call.now().toISOString(),
      trendFrom: trendBegin(call.now()).toISOString(),
      trendStepSeconds: TREND_STEP_SECONDS,
      frames: commonFrames(stacks),
      compared: stacks.length,
      can: { retry: abilityTo(call.actor.role, 'retries.create') },
    };
  },
});
