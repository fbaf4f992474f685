import type { UnknownEnds } from '@/lib/brokers/broker';
import type { Loss } from '@/lib/domain/groups/judge/types';
import { storedName } from '@/lib/store/names/catalog';
import type { Judged, SampledRow } from '../sampling/stored-rows';
import type { MeasuredGroup, Measurement } from './measured';

/** What a sample found, by the names of groups as the broker has them. */
interface Sample {
  at: number;
  judged: ReadonlyMap<Judged, readonly SampledRow[]>;
  losses: ReadonlyMap<string, readonly Loss[]>;
  groupIds: ReadonlyMap<string, number>;
  /** Names of all groups that the cluster has. */
  listed: readonly string[];
  topics: readonly string[];
  brokers: readonly string[];
  unknownEnds: readonly UnknownEnds[];
}

/** A sample as episodes are drawn from it. */
export function measurementOf(sample: Sample): Measurement {
  return {
    at: sample.at,
    groups: [...sample.judged].map(([judged, rows]) => groupOf(sample, judged, rows)),
    listed: new Set(sample.listed.map(storedName)),
    topics: new Set(sample.topics),
    brokers: sample.brokers,
    offline: sample.unknownEnds.filter(({ reason }) => reason === 'no_leader'),
  };
}

function groupOf(
  { losses, groupIds }: Sample,
  { answer, judgement }: Judged,
  rows: readonly SampledRow[],
): MeasuredGroup {
  const { name, state, members } = answer.group;
  const { verdict, isMeasuring, since, lag } = judgement;
  return {
    name: storedName(name),
    groupId: groupIds.get(name) ?? 0,
    ...{ state, members, verdict, isMeasuring, since, lag },
    losses: losses.get(name) ?? [],
    partitions: rows.map(({ topic, partition, committed, member, host, judged }) => ({
      ...{ topic, partition, member, host },
      verdict: judged.verdict,
      isMeasuring: judged.isMeasuring,
      since: judged.since,
      lag: judged.lag,
      delaySeconds: judged.delay?.seconds ?? null,
      position: committed?.toString() ?? null,
      movedBackFrom: judged.movedBackFrom,
    })),
  };
}
