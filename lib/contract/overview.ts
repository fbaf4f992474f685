import type { ConsumerProblem } from '@/lib/protocol/fact';
import type { WorkerName } from '@/lib/domain/workers/worker';
import type { FailureKey, FailureRow } from './failures';
import type { DrainView, GroupFigures } from './groups';
import type { Standing } from '@/lib/domain/groups/verdict';
import type { NeedKind } from '@/lib/domain/overview/needs';

/** One thing that needs a person; the field of its kind has the details. */
export interface NeedRow {
  kind: NeedKind;
  subject: string;
  since: string | null;
  /** It was so already when Courier measured it for the first time. */
  isAtLeast?: boolean;
  group?: GroupFigures;
  failure?: FailureRow;
  notSent?: { topic: string | null; error: string | null; messages: number };
  retry?: { id: string; held: number };
  /** The oldest problem of a group's consumers; `instances` have one. The group's lag, where it is measured. */
  trouble?: ConsumerProblem & { service: string; host: string; instances: number; lag: number | null };
  /** `cluster` is the one whose broker does not answer; null where Courier itself is what fails. */
  blind?: { workers: WorkerName[]; error: string | null; groups: number; cluster: string | null };
}

/** How many things at each place need a person. */
export interface Attention {
  failures: number;
  retries: number;
  groups: number;
}

export interface OverviewView {
  at: string;
  /** What needs a person, worst first; `more` are not shown. */
  needs: NeedRow[];
  more: number;
  groups: number;
  /** Topics that hold messages. */
  topics: number;
  /** In how many of the groups each of the four is; they add up to `groups`. */
  standings: Record<Standing, number>;
  /** Whether Courier itself can't see everything. */
  blind: boolean;
  /** Groups whose last measurement is too old. */
  unmeasured: number;
  /** Seconds between a fact and its place in the store; null while not known. */
  lateSeconds: number | null;
  /** Groups that catch up. */
  healing: { group: string; lag: number | null; drain: DrainView }[];
  /** Failing deliveries that try again by themselves. */
  trying: (FailureKey & { messages: number; firstAt: string })[];
  /** What failed in the last hour and was handled by a later try. */
  healed: {
    group: string;
    error: string | null;
    messages: number;
    attempts: number;
    from: string;
    to: string;
  }[];
  /** Groups whose members came back within the last hour, after a time without any. */
  returned: { group: string; from: string; to: string }[];
  /** The last hour by minute. */
  charts: {
    from: string;
    published: (number | null)[];
    failed: (number | null)[];
    /** Milliseconds within which 95 of 100 deliveries were handled; null where none was. */
    handledWithin: (number | null)[];
    /** Seconds that the groups furthest behind were behind, and are now. */
    behind: { name: string; now: number; values: (number | null)[] }[];
    /** Seconds that the group furthest behind is behind; null where of no group it is known. */
    behindNow: number | null;
    /** Groups that are behind by more than a minute. */
    behindMinute: number;
  };
}
