import type { KafkaConnections } from './connections';
import type { KafkaMetadata } from './metadata';
import { logDirsRequest } from './wire/log-dirs-request';

/** Bytes of the logs of topics by `<topic>/<partition>`, as their leaders have them; without the right to, none. */
export async function readLogSizes(
  connections: KafkaConnections,
  metadata: KafkaMetadata,
  topics: readonly string[],
): Promise<Map<string, number>> {
  const byLeader = new Map<number, { topic: string; partition: number }[]>();
  for (const topic of topics)
    for (const [partition, leader] of (await metadata.topic(topic))?.leaders ?? []) {
      if (leader < 0) continue;
      byLeader.set(leader, [...(byLeader.get(leader) ?? []), { topic, partition }]);
    }
  const answers = await Promise.all(
    [...byLeader].map(([leader, partitions]) =>
      connections.send(leader, logDirsRequest(partitions)).catch(() => ({ sizes: [] })),
    ),
  );
  return new Map(
    answers.flatMap(({ sizes }) =>
      sizes.map(({ topic, partition, bytes }) => [`${topic}/${partition}`, bytes] as const),
    ),
  );
}
