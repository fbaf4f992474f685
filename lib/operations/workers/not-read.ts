import { progressOf, type NotRead } from '@/lib/domain/workers/reading';
import type { Call } from '../operation';
import { listWorkers } from './list';

/** What the workers of a cluster have not read at this moment, by their last heartbeats. */
export async function notReadNow(call: Call): Promise<NotRead> {
  const { records, partitions, older } = progressOf((await listWorkers.run(call, {})).workers);
  return { records, partitions, older };
}
