import { isBroken, type HeartbeatDetail, type SeenState, type WorkerName } from './worker';

/** The workers that read what the pages are made of. */
const READERS: readonly WorkerName[] = ['collector', 'topic index', 'dead-letter index'];

/** What Courier has not read of the topics that it reads, so that no search can find it. */
export interface NotRead {
  /** Records; null where it is unknown, because a worker that reads does not run. */
  records: number | null;
  /** Partitions that could not be read the last time. */
  partitions: number;
  /** Records older than the store keeps that were left out, because there was no room for them. */
  older: number;
}

/** Whether a search of everything stored is one of everything that the topics hold. */
export function isAllRead({ records, partitions, older }: NotRead): boolean {
  return records === 0 && partitions === 0 && older === 0;
}

/** How far the workers that read have come together. */
export interface Progress extends NotRead {
  /** How late the latest of them is; null where none reports it. */
  delaySeconds: number | null;
  /** Seconds until the slowest has read everything, at its present rate; null: nothing is left, or the rate is unknown. */
  leftSeconds: number | null;
}

/** Sums up what the workers that read report with their heartbeats. */
export function progressOf(
  workers: { worker: WorkerName; state: SeenState; detail: HeartbeatDetail }[],
): Progress {
  const running = workers.filter(({ worker, state }) => READERS.includes(worker) && !isBroken(state));
  const known = running.filter(({ detail }) => detail.unread !== undefined);
  const delays = running.flatMap(({ detail }) => detail.delayMs ?? []);
  const left = known.flatMap(({ detail }) => secondsLeft(detail) ?? []);
  return {
    records:
      known.length < READERS.length ? null : known.reduce((sum, { detail }) => sum + (detail.unread ?? 0), 0),
    partitions: running.reduce((sum, { detail }) => sum + (detail.standing?.length ?? 0), 0),
    older: running.reduce((sum, { detail }) => sum + (detail.leftOut ?? 0), 0),
    delaySeconds: delays.length === 0 ? null : Math.max(...delays) / 1_000,
    leftSeconds: left.length === 0 ? null : Math.max(...left),
  };
}

/** Seconds until a worker has read what is unread; null: nothing is, or its rate is unknown. */
export function secondsLeft({ unread = 0, perSecond = 0 }: HeartbeatDetail): number | null {
  return unread > 0 && perSecond > 0 ? unread / perSecond : null;
}
