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
} as const;

/** What one of Courier's own workers is called in the reader's language. */
export function useWorkerName(): (worker: string) => string {
  const t = useTranslations('workers.name');
  return (worker) => (worker in NAMES ? t(NAMES[worker as keyof typeof NAMES]) : worker);
}
