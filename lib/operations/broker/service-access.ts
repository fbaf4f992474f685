import type { ServiceAccess } from '@/lib/brokers/broker';
import { CourierError } from '@/lib/errors';
import type { Context } from '@/lib/context/context';

/** What services may do with the cluster's broker through the intake. @throws CourierError not_found where they may not */
export function serviceAccessOf({ broker, cluster }: Context): ServiceAccess {
  if (broker.capabilities.serviceAccess) return broker.capabilities.serviceAccess;
  throw new CourierError(
    'not_found',
    `The cluster ${cluster.name} has no embedded broker; connect with the brokers of its Kafka.`,
  );
}
