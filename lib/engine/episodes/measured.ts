import type { GroupMember } from '@/lib/brokers/broker';
import type { Loss, Since } from '@/lib/domain/groups/judge/types';
import type { Verdict } from '@/lib/domain/groups/verdict';

/** One partition of a group in a measurement. */
export interface MeasuredPartition {
  topic: string;
  partition: number;
  verdict: Verdict;
  isMeasuring: boolean;
  since: Since;
  lag: number | null;
  delaySeconds: number | null;
  position: string | null;
  member: string | null;
  host: string | null;
  movedBackFrom: number | null;
}

/** One group in a measurement. */
export interface MeasuredGroup {
  name: string;
  groupId: number;
  state: string;
  members: readonly GroupMember[] | null;
  verdict: Verdict;
  isMeasuring: boolean;
  since: Since;
  lag: number | null;
  losses: readonly Loss[];
  partitions: readonly MeasuredPartition[];
}

/** What the sampler found in one measurement. */
export interface Measurement {
  at: number;
  /** Groups whose coordinators answered, and names of all that the cluster has. */
  groups: readonly MeasuredGroup[];
  listed: ReadonlySet<string>;
  topics: ReadonlySet<string>;
  /** Addresses of brokers that are alive. */
  brokers: readonly string[];
  /** Partitions without a leader. */
  offline: readonly { topic: string; partition: number }[];
}
