import { textOfPosition } from '@/lib/domain/messages/fold';
import type { RecordHeader } from '@/lib/brokers/broker';
import type { Context } from '@/lib/context/context';
import { HEADER } from '@/lib/protocol/headers';
import { retryTopicOf } from '@/lib/protocol/topics';
import { mergeFacts } from '@/lib/store/facts/merge';
import { makeFact, newId } from './facts';

export interface FailedMessage {
  id: string;
  group: string;
  position: string;
  headers: RecordHeader[];
  value: Buffer;
}

/** Creates a message that a group has given up: its record on the broker, and its facts in the store. */
export async function makeFailedMessage(
  context: Context,
  topic: string,
  group: string,
): Promise<FailedMessage> {
  await context.broker.createTopics([
    { name: topic, partitions: 1 },
    { name: retryTopicOf(group), partitions: 2 },
  ]);
  const id = newId();
  const value = Buffer.from(JSON.stringify({ id }));
  const headers: RecordHeader[] = [
    [HEADER.id, Buffer.from(id)],
    [HEADER.topic, Buffer.from(topic)],
    ['tenant', Buffer.from('a')],
    ['tenant', Buffer.from([0, 255])],
  ];
  const [answer] = await context.broker.publish([
    { topic, partition: 0, key: Buffer.from('k'), value, headers },
  ]);
  if (answer?.outcome !== 'acknowledged') throw new Error(`not published: ${JSON.stringify(answer)}`);
  const position = { topic, partition: 0, offset: answer.offset.toString() };
  const now = { at: new Date().toISOString() };
  await mergeFacts(context.store, context.catalog, {
    source: 'test',
    receivedAt: new Date(),
    facts: [
      makeFact('committed', id, 0, { ...now, position, message: { topic, type: 'T', key: 'k' } }),
      makeFact('handle_failed', id, 0, {
        ...now,
        group,
        attempt: 1,
        position,
        error: { type: 'E', message: 'm' },
        gaveUp: { to: null },
      }),
    ],
  });
  const [topicId, groupId] = [await context.catalog.topicId(topic), await context.catalog.groupId(group)];
  await context.store.query(
    `INSERT INTO subscription (group_id, topic_id, retry_topic, retry_ready) VALUES ($1, $2, $3, true) ON CONFLICT DO NOTHING`,
    [groupId, topicId, retryTopicOf(group)],
  );
  return { id, group, position: textOfPosition(position), headers, value };
}
