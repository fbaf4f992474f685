import type { Verdict } from '../groups/verdict';

/** Kinds of episodes: each begins and ends. */
export const EPISODE_KINDS = [
  'data_loss',
  'group_trouble',
  'no_members',
  'rebalances',
  'broker_away',
  'partition_offline',
  'source_silent',
  'gap',
  'position_moved',
  'retry',
  'release',
] as const;
export type EpisodeKind = (typeof EPISODE_KINDS)[number];

/** What episodes of each kind are about. */
export interface Subjects {
  data_loss: { group: string; topic: string; partition: number };
  group_trouble: { group: string; verdict: Verdict };
  no_members: { group: string };
  rebalances: { group: string };
  /** `broker` is its address; null: no broker of the cluster answered. */
  broker_away: { broker: string | null };
  partition_offline: { topic: string; partition: number };
  source_silent: { group: string };
  gap: { source: 'lag sampler' };
  position_moved: { group: string };
  retry: { retry: string };
  release: { service: string; release: string; host: string };
}

/** A partition where a trouble is, as it was seen last. */
export interface TroubledPartition {
  topic: string;
  partition: number;
  position: string | null;
  member: string | null;
  host: string | null;
  lag: number | null;
}

export interface MovedPosition {
  topic: string;
  partition: number;
  from: string | null;
  to: string;
}

/** What is counted of episodes of each kind. Lag is in records. */
export interface Figures {
  data_loss: { records: number; from: string; to: string; isCertain: boolean };
  group_trouble: {
    lag: number | null;
    peakLag: number | null;
    peakDelaySeconds: number | null;
    /** How many partitions are in this trouble, and the worst of them. */
    partitions: number;
    worst: TroubledPartition[];
  };
  no_members: {
    waiting: number | null;
    peakLag: number | null;
    topics: string[];
    /** Client and host of a member that was there last; null: not known. */
    last: { member: string; host: string } | null;
  };
  /** `left` and `joined` are client names, the first of each. */
  rebalances: { count: number; left: string[]; joined: string[] };
  /** `groups`: how many the cluster has, where none of its brokers answers; null: which ones it concerned is not known. */
  broker_away: { error: string | null; groups: number | null };
  partition_offline: Record<never, never>;
  source_silent: { lastReport: string };
  gap: { missed: number; reason: 'failing' | 'stopped' };
  position_moved: {
    /** Who moved it with Courier; null: another program did. */
    by: string | null;
    move: string | null;
    /** The broker moved some of the partitions and refused others. */
    isPartly: boolean;
    partitions: MovedPosition[];
    more: number;
    skipped: number;
    repeated: number;
  };
  retry: { operator: string; groups: string[]; selected: number; outcomes: Record<string, number> };
  release: { groups: string[] };
}

/** Why an episode is over. `replaced`: by another release. `gone`: its group, topic or host is there no more. */
export type EndReason = 'recovered' | 'person' | 'replaced' | 'gone';

/** A kind with its subject and its figures. */
export type Content = {
  [K in EpisodeKind]: { kind: K; subject: Subjects[K]; figures: Figures[K] };
}[EpisodeKind];

/** Times are milliseconds since 1970. */
interface Times {
  began: number;
  /** The last moment at which it had not begun; null: it was there at the first measurement. */
  beganEarliest: number | null;
}

/** What is so in one measurement. */
export type Seen = Content &
  Times & {
    /** Of something that may come back: when it was seen last. Absent: now. */
    lastAt?: number;
  };

export interface Cause {
  id: string;
  /** The first of all that led to it. */
  root: string;
  rule: CauseRule;
}
export const CAUSE_RULES = ['outage', 'release', 'no_members', 'stuck'] as const;
export type CauseRule = (typeof CAUSE_RULES)[number];

export type Episode = Content &
  Times & {
    id: string;
    ended: number | null;
    /** The last moment at which it had not ended; null while it is open. */
    endedEarliest: number | null;
    /** When it was missing for the first time; it ends if it stays so for some measurements. null: it is there, or ended. */
    missingSince: number | null;
    times: number;
    causedBy: string | null;
    causedByRule: CauseRule | null;
    root: string;
    endReason: EndReason | null;
    endedBy: string | null;
  };

/** Kinds that are rows of *What happened*; the others are marks on its time axis, or are read with a trouble. */
export const TROUBLES: ReadonlySet<EpisodeKind> = new Set<EpisodeKind>([
  'data_loss',
  'group_trouble',
  'no_members',
  'rebalances',
  'broker_away',
  'partition_offline',
  'source_silent',
]);

/** The same text for the same subject: fields in the order of their names. */
export function keyOf({ kind, subject }: Pick<Content, 'kind' | 'subject'>): string {
  const fields = Object.entries(subject).sort(([a], [b]) => (a < b ? -1 : 1));
  return JSON.stringify([kind, ...fields]);
}

/** The group that an episode is about; null where it is about none. */
export function groupOf({ subject }: Pick<Content, 'kind' | 'subject'>): string | null {
  return 'group' in subject ? subject.group : null;
}

/** When an episode was over, as far as is known now; null: it lasts. */
export function overAt({ ended, missingSince }: Pick<Episode, 'ended' | 'missingSince'>): number | null {
  return ended ?? missingSince;
}
