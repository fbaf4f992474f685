import { z } from 'zod';
import { CourierError } from '@/lib/errors';
import { messageId } from '@/lib/protocol/fact-schema';
import type { TestMessageView } from '@/lib/contract/topics';
import { sentPositionOf } from '@/lib/domain/retries/sent-position';
import { readTest, type StoredTest } from '@/lib/store/retries/read-test';
import { defineOperation } from '../operation';

/** What became of a test message. */
export const getTest = defineOperation({
  name: 'topics.get-test',
  permission: 'messages.read',
  input: z.strictObject({ id: messageId }),
  scope: () => ({}),
  audit: null,
  async run(call, { id }): Promise<TestMessageView> {
    const test = await readTest(call.store, call.cluster.id, id);
    if (!test) throw new CourierError('not_found', `There is no test message ${id}.`);
    return { id, topic: test.topic, ...outcomeOf(test) };
  },
});

function outcomeOf(test: StoredTest): Pick<TestMessageView, 'state' | 'detail'> {
  const detail = sentPositionOf({ ...test, targetTopic: test.topic }) ?? test.answer;
  switch (test.state) {
    case 'PENDING':
      return test.sends > 0 ? { state: 'NOT_SENT', detail } : { state: 'PENDING', detail: null };
    case 'SENDING':
    case 'UNCERTAIN':
      return { state: test.state, detail };
    case 'REFUSED':
      return { state: 'REFUSED', detail: detail ?? test.reason };
    case 'WRITTEN':
      return { state: 'SENT', detail };
    default:
      return { state: 'UNKNOWN', detail };
  }
}
