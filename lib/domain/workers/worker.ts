/** Courier's own workers, by the names of their locks and heartbeats. */
export const WORKER_NAMES = [
  'collector',
  'topic index',
  'dead-letter index',
  'waiting facts',
  'lag sampler',
  'retry sender',
  'deadlines',
  'housekeeping',
] as const;
export type WorkerName = (typeof WORKER_NAMES)[number];

/** Workers that read the broker: while one of them fails, pages may miss something. */
export const OBSERVERS: readonly WorkerName[] = [
  'collector',
  'topic index',
  'dead-letter index',
  'lag sampler',
];

export type WorkerState = 'starting' | 'running' | 'standby' | 'failing' | 'stopped';
/** A state as a reader of heartbeats has it: one that came too long ago is silent. */
export type SeenState = WorkerState | 'silent';

/** Whether a worker in this state does not do its work. */
export function isBroken(state: SeenState): boolean {
  return state === 'failing' || state === 'silent' || state === 'stopped';
}

/** What a worker that tails topics reports: records since its start, partitions that it reads and those that stand. */
interface Tailing {
  indexed: number;
  partitions: number;
  standing: string[];
}

/** What each worker reports with its heartbeat; counts are since it started. */
export interface WorkerDetails {
  collector: { facts: number; rejected: number; dropped: number; delayMs: number };
  'topic index': Tailing;
  'dead-letter index': Tailing;
  'waiting facts': { resolved: number };
  'lag sampler': { groups: number; partitions: number; milliseconds: number };
  'retry sender': { sent: number; ended: number };
  deadlines: { marked: number };
  housekeeping: { made: number; dropped: number; inDefault: number };
}

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

/** The details of a heartbeat: those of its worker, when it last reported well, and its trouble while it fails. */
export type HeartbeatDetail = Partial<AllOf<WorkerDetails[WorkerName]> & WorkerTrouble & { goodAt: string }>;
