import type { WorkerName } from '@/lib/domain/workers/worker';
import { useTranslations } from 'next-intl';

/** What one of Courier's own workers is called in the reader's language. */
export function useWorkerName(): (worker: WorkerName) => string {
  const t = useTranslations('workers.name');
  return (worker) => {
    const key = keyOf(worker);
    // A worker of another release may have no words here.
    return t.has(key) ? t(key) : worker;
  };
}

type Joined<Name extends string, By extends string> = Name extends `${infer Head}${By}${infer Tail}`
  ? `${Head}${Capitalize<Joined<Tail, By>>}`
  : Name;
type Key = Joined<Joined<WorkerName, ' '>, '-'>;

/** The key of a worker's words: `topicIndex` of `topic index`. */
function keyOf(worker: WorkerName): Key {
  return worker.replace(/[ -](\w)/g, (_, letter: string) => letter.toUpperCase()) as Key;
}
