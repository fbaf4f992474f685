import type { GroupType } from '@/lib/domain/groups/group-type';
import { CHUNK_SECONDS } from '@/lib/domain/groups/lag-chunk';
import type { JudgedPartition, StoredJudgement } from './write-sample';
import type { Queryable } from '@/lib/postgres';

export interface LagNow {
  groupId: number;
  group: string;
  topic: string;
  topicId: number;
  partition: number;
  /** null: the broker has no position. */
  committed: bigint | null;
  start: bigint;
  end: bigint;
  rateIn: number | null;
  rateOut: number | null;
  movedAt: Date;
  member: string | null;
  host: string | null;
  /** What the judge concluded; null of a row that release 0.1 wrote. */
  judged: JudgedPartition | null;
}

interface Row {
  group_id: number;
  group_name: string;
  topic: string;
  topic_id: number;
  partition: number;
  committed: string | null;
  log_start: string;
  log_end: string;
  rate_in: number | null;
  rate_out: number | null;
  moved_at: Date;
  member: string | null;
  host: string | null;
  judged: JudgedPartition | null;
}

/** Positions of all groups of a cluster, or of one, as of the last sample of each group. */
export async function readLagNow(
  store: Queryable,
  clusterId: number,
  groupId: number | null = null,
): Promise<LagNow[]> {
  const { rows } = await store.query<Row>({
    name: 'lag-now',
    text: `SELECT l.*, g.name AS group_name, t.name AS topic FROM lag_now l
           JOIN consumer_group g ON g.id = l.group_id JOIN topic t ON t.id = l.topic_id
           JOIN group_now n ON n.group_id = l.group_id AND n.sampled_at = l.sampled_at
           WHERE g.cluster_id = $1 AND ($2::int IS NULL OR l.group_id = $2)
           ORDER BY g.name, t.name, l.partition`,
    values: [clusterId, groupId],
  });
  return rows.map((row) => ({
    groupId: row.group_id,
    group: row.group_name,
    topic: row.topic,
    topicId: row.topic_id,
    partition: row.partition,
    committed: row.committed === null ? null : BigInt(row.committed),
    start: BigInt(row.log_start),
    end: BigInt(row.log_end),
    rateIn: row.rate_in,
    rateOut: row.rate_out,
    movedAt: row.moved_at,
    member: row.member,
    host: row.host,
    judged: row.judged,
  }));
}

export interface GroupNow {
  groupId: number;
  name: string;
  reports: boolean;
  /** Whether its SDK announced a retry topic, which a group `<name>.retry` reads. */
  hasRetryTopic: boolean;
  type: GroupType;
  state: string;
  /** null: not known. */
  members:
    | {
        id: string;
        clientId: string;
        host: string;
        assignment: { topic: string; partitions: number[] }[];
      }[]
    | null;
  noMembersSince: Date | null;
  sampledAt: Date;
  /** What the judge concluded; null of a row that release 0.1 wrote. */
  judged: StoredJudgement | null;
}

/** Groups of a cluster as they were last measured. */
export async function readGroupsNow(store: Queryable, clusterId: number): Promise<GroupNow[]> {
  const { rows } = await store.query<{
    group_id: number;
    name: string;
    reports: boolean;
    has_retry_topic: boolean;
    type: GroupType;
    state: string;
    members: GroupNow['members'];
    no_members_since: Date | null;
    sampled_at: Date;
    judged: StoredJudgement | null;
  }>({
    name: 'read-groups-now',
    text: `SELECT n.group_id, n.type, n.state, n.members, n.no_members_since, n.sampled_at, n.judged, g.name, g.reports,
       EXISTS (SELECT 1 FROM subscription s WHERE s.group_id = g.id AND s.retry_topic IS NOT NULL) AS has_retry_topic
     FROM group_now n JOIN consumer_group g ON g.id = n.group_id
     WHERE g.cluster_id = $1 ORDER BY g.name`,
    values: [clusterId],
  });
  return rows.map((row) => ({
    groupId: row.group_id,
    name: row.name,
    reports: row.reports,
    hasRetryTopic: row.has_retry_topic,
    type: row.type,
    state: row.state,
    members: row.members,
    noMembersSince: row.no_members_since,
    sampledAt: row.sampled_at,
    judged: row.judged,
  }));
}

export interface StoredChunk {
  topic: string;
  topicId: number;
  startAt: Date;
  /** Seconds that it covers. */
  spanSeconds: number;
  data: Uint8Array;
}

/** Chunks of groups that touch a span of time, by group, oldest first. */
export async function readLagChunks(
  store: Queryable,
  groupIds: number[],
  from: Date,
  to: Date,
): Promise<Map<number, StoredChunk[]>> {
  const { rows } = await store.query<{
    group_id: number;
    topic: string;
    topic_id: number;
    start_at: Date;
    data: Buffer;
  }>({
    name: 'lag-chunks',
    text: `SELECT c.group_id, t.name AS topic, c.topic_id, c.start_at, c.data FROM lag_chunk c JOIN topic t ON t.id = c.topic_id
           WHERE c.group_id = ANY($1) AND c.start_at > $2 AND c.start_at <= $3 ORDER BY c.start_at`,
    values: [groupIds, new Date(from.getTime() - CHUNK_SECONDS * 1000), to],
  });
  const found = new Map<number, StoredChunk[]>(groupIds.map((id) => [id, []]));
  for (const row of rows) {
    found.get(row.group_id)?.push({
      topic: row.topic,
      topicId: row.topic_id,
      startAt: row.start_at,
      spanSeconds: CHUNK_SECONDS,
      data: row.data,
    });
  }
  return found;
}
