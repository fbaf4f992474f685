export type WorkerState = 'starting' | 'running' | 'standby' | 'failing' | 'stopped';
/** A state as a reader of heartbeats has it: one that came too long ago is silent. */
export type SeenState = WorkerState | 'silent';

/** Whether a worker in this state does not do its work. */
export function isBroken(state: SeenState): boolean {
  return state === 'failing' || state === 'silent' || state === 'stopped';
}

/** How far a worker that reads topics has come, as of the last answers of the broker. */
export interface Reading {
  /** Records that are not written yet. */
  unread: number;
  /** Records that it writes in a second, of the last ones. */
  perSecond: number;
  /** How late the records were that were written last. */
  delayMs: number;
  /** Records on the topics that were not taken, because they are older than the store keeps and there was no room. */
  leftOut: number;
}

/** What a worker that tails topics reports: records since its start, partitions that it reads and those that it cannot. */
export interface Tailing extends Reading {
  indexed: number;
  partitions: number;
  standing: string[];
}

/**
 * What each of Courier's own workers reports with its heartbeat, by the worker's name, which is that of its lock as well. Counts
 * are since its start. The file of a worker adds its own line here, by declaration merging.
 */
// eslint-disable-next-line @typescript-eslint/no-empty-object-type -- the lines are in the files of the workers
export interface WorkerDetails {}
export type WorkerName = keyof WorkerDetails;

/** Why a worker fails, since when, and when it is tried again; times are ISO 8601. */
export interface WorkerTrouble {
  error: string;
  /** A code of `lib/errors.ts`. */
  code: string;
  since: string;
  againAt: string;
}

type AllOf<Union> = (Union extends unknown ? (item: Union) => void : never) extends (item: infer All) => void
  ? All
  : never;

/**
 * The details of a heartbeat: those of its worker, whether it observes the broker, when it last reported well, and its trouble
 * while it fails.
 */
export type HeartbeatDetail = Partial<
  AllOf<WorkerDetails[WorkerName]> & WorkerTrouble & { goodAt: string; observes: boolean }
>;
