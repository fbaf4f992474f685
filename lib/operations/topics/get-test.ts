import { z } from 'zod';
import { CourierError } from '@/lib/errors';
import { messageId } from '@/lib/protocol/fact-schema';
import { readTest } from '@/lib/store/test-messages';
import { defineOperation } from '../operation';

/** What became of a test message. */
export const getTest = defineOperation({
  name: 'topics.get-test',
  permission: 'messages.read',
  input: z.strictObject({ id: messageId }),
  scope: () => ({}),
  audit: null,
  async run(call, { id }) {
    const test = await readTest(call.store, call.cluster.id, id);
    if (!test) throw new CourierError('not_found', `There is no test message ${id}.`);
    return { id, topic: test.topic, state: test.state, detail: test.detail };
  },
});
