import type { OpenTransaction } from '@/lib/brokers/broker';
import type { KafkaConnections } from './connections';
import type { KafkaMetadata } from './metadata';
import {
  describeProducersRequest,
  describeTransactionRequest,
  listTransactionsRequest,
} from './wire/transaction-requests';

/**
 * The transaction that holds back the last stable offset of a partition: the open one that began first there.
 * @returns null where none is open, the broker is older than 2.8, or Courier may not read its producers
 */
export async function findOpenTransaction(
  connections: KafkaConnections,
  metadata: KafkaMetadata,
  topic: string,
  partition: number,
): Promise<OpenTransaction | null> {
  const leader = await metadata.leaderOf(topic, partition);
  if (typeof leader === 'string') return null;
  const request = describeProducersRequest(topic, partition);
  if (!(await connections.connectionTo(leader)).supports(request)) return null;
  const { error, producers } = await connections.send(leader, request);
  if (error !== 0) return null;
  const [oldest] = producers
    .filter(({ startOffset }) => startOffset >= 0n)
    .sort((a, b) => (a.startOffset < b.startOffset ? -1 : 1));
  if (!oldest) return null;
  const { producerId } = oldest;
  const named = await nameOf(connections, metadata, producerId);
  return { producerId, transactionalId: null, startedAt: null, timeoutMs: null, ...named };
}

/** Finds the transaction of a producer at the broker that coordinates it; null where none shows it. */
async function nameOf(
  connections: KafkaConnections,
  metadata: KafkaMetadata,
  producerId: bigint,
): Promise<Partial<OpenTransaction> | null> {
  const answers = await Promise.all(
    metadata.brokers.map(async ({ nodeId }) => {
      const { transactionalIds } = await connections.send(nodeId, listTransactionsRequest(producerId));
      const [id] = transactionalIds;
      if (id === undefined) return null;
      const found = await connections.send(nodeId, describeTransactionRequest(id));
      if (found?.error !== 0) return { transactionalId: id };
      const startedAt = found.startedAt >= 0 ? found.startedAt : null;
      return { transactionalId: id, startedAt, timeoutMs: found.timeoutMs };
    }),
  ).catch(() => []);
  return answers.find((answer) => answer !== null) ?? null;
}
