import { EmbeddedBroker } from '@/lib/brokers/embedded/adapter';
import type { EmbeddedGroups } from '@/lib/brokers/embedded/groups';
import { CourierError } from '@/lib/errors';
import type { Context } from '@/lib/context/context';

/** The service side of a cluster's embedded broker. @throws CourierError not_found where the cluster has another broker */
export function embeddedOf(context: Context): EmbeddedGroups {
  if (context.broker instanceof EmbeddedBroker) return context.broker.services;
  throw new CourierError(
    'not_found',
    `The cluster ${context.cluster.name} has no embedded broker; connect with the brokers of its Kafka.`,
  );
}
