import type { WorkerName } from '@/lib/domain/workers/worker';
import { useTranslations } from 'next-intl';

const NAMES = {
  collector: 'collector',
  'topic index': 'topicIndex',
  'dead-letter index': 'deadLetterIndex',
  'waiting facts': 'waitingFacts',
  'lag sampler': 'lagSampler',
  'retry sender': 'retrySender',
  deadlines: 'deadlines',
  housekeeping: 'housekeeping',
} as const satisfies Record<WorkerName, string>;

/** What one of Courier's own workers is called in the reader's language. */
export function useWorkerName(): (worker: WorkerName) => string {
  const t = useTranslations('workers.name');
  // A worker of another release has no name here.
  return (worker) => (worker in NAMES ? t(NAMES[worker]) : worker);
}
