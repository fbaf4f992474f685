import { partitionOfKey, type KeyHash } from '../key-hash';
import type { Pool } from 'pg';
import { groupBy } from '@/lib/values/group-by';
import { CourierError } from '@/lib/errors';
import type * as wire from '@/lib/protocol/broker-http';
import type { Broker, OutgoingRecord, ServiceAccess, Waiting } from '@/lib/brokers/broker';
import { inTransaction, type PoolClient } from '@/lib/postgres';
import { lockGroup } from './lock-group';
import { MEMBER_TIMEOUT_SECONDS } from './member-timeout';
import { Presence } from './presence';
import type { Signals } from './signals';

/** How long the SDK may let a poll wait: an idle consumer asks this seldom. */
export const POLL_WAIT_MS = 20_000;

interface MemberRow {
  member: string;
  topics: string[];
}

/** How the keys of a topic are divided. */
export interface Division {
  partitions: number;
  hash: KeyHash;
}

/** What groups need of the broker that they belong to. */
interface TopicLog extends Pick<Broker, 'topics' | 'publish' | 'fetch'> {
  createTopics(topics: { name: string; partitions: number }[], madeBy: string | null): Promise<string[]>;
  /** How the keys of topics are divided; topics that do not exist are left out. */
  divisions(topics: string[]): Promise<Map<string, Division>>;
  claimPublishing: ServiceAccess['claimPublishing'];
  signals: Signals;
}

/** The side of the embedded broker that services see: topics, publishing, and groups with members. */
export class EmbeddedGroups implements ServiceAccess {
  private readonly presence: Presence;
  private turn = 0;

  constructor(
    private readonly pool: Pool,
    private readonly broker: TopicLog,
  ) {
    this.presence = new Presence(pool, (group) => this.expire(group));
  }

  async topics(
    request: wire.TopicsRequest,
    madeBy: string | null = null,
  ): Promise<{ topics: { name: string; partitions: number }[] }> {
    const made = request.topics.length > 0 ? await this.broker.createTopics(request.topics, madeBy) : [];
    if (made.length > 0) await this.shareOutTo(made);
    const topics = await this.broker.topics();
    return { topics: topics.map(({ name, partitions }) => ({ name, partitions })) };
  }

  claimPublishing(topic: string, service: string): Promise<string | null> {
    return this.broker.claimPublishing(topic, service);
  }

  listen(databaseUrl: string, signal: AbortSignal): Promise<void> {
    return this.broker.signals.listen(databaseUrl, signal);
  }

  async publish(request: wire.PublishRequest): Promise<wire.PublishAnswer> {
    const divisions = await this.broker.divisions([...new Set(request.records.map(({ topic }) => topic))]);
    const choose = (topic: string, key: Buffer | null): number => {
      const { partitions: count, hash } = divisions.get(topic) ?? { partitions: 1 };
      // Records without a key go to the partitions in turn.
      return key === null ? (this.turn += 1) % count : partitionOfKey(key, count, hash);
    };
    const records = request.records.map((record): OutgoingRecord => {
      const key = record.key === null ? null : Buffer.from(record.key, 'base64');
      return {
        topic: record.topic,
        partition: record.partition ?? choose(record.topic, key),
        key,
        value: record.value === null ? null : Buffer.from(record.value, 'base64'),
        headers: record.headers.map(([name, value]) => [
          name,
          value === null ? null : Buffer.from(value, 'base64'),
        ]),
      };
    });
    const answers = await this.broker.publish(records);
    return {
      answers: answers.map((answer, index): wire.WireAnswer => {
        const topic = request.records[index]?.topic ?? '';
        return answer.outcome === 'acknowledged'
          ? { ...answer, topic, offset: answer.offset.toString() }
          : { ...answer, topic };
      }),
    };
  }

  /** Adds a member to a group, reassigns the partitions if the members changed, and returns its assignment. */
  async join(request: wire.JoinRequest): Promise<wire.JoinAnswer> {
    let changed = false;
    const answer = await inTransaction(this.pool, async (client) => {
      await client.query({
        name: 'embedded-make-group',
        text: 'INSERT INTO embedded_group (name) VALUES ($1) ON CONFLICT DO NOTHING',
        values: [request.group],
      });
      await lockGroup(client, request.group);
      const { rows } = await client.query<{ topics: string[] }>({
        name: 'embedded-topics-of-member',
        text: 'SELECT topics FROM embedded_member WHERE group_name = $1 AND member = $2',
        values: [request.group, request.member],
      });
      const isNew = rows[0]?.topics.join('\n') !== request.topics.join('\n');
      await client.query({
        name: 'embedded-put-member',
        text: `INSERT INTO embedded_member (group_name, member, client_id, host, topics) VALUES ($1, $2, $3, $4, $5)
         ON CONFLICT (group_name, member) DO UPDATE SET seen_at = now(), topics = excluded.topics`,
        values: [request.group, request.member, request.clientId, request.host, request.topics],
      });
      const lost = await this.removeSilent(client, request.group);
      changed = isNew || lost;
      if (changed) await this.shareOut(client, request.group);
      return this.assignmentOf(client, request);
    });
    if (changed) this.broker.signals.raise([`group ${request.group}`]);
    return answer;
  }

  /**
   * Reads on from the member's positions; waits up to `waitMs` where there is nothing, also for a member without
   * partitions. Answers `rejoin` as soon as the group has another generation.
   */
  async poll(request: wire.PollRequest, waiting: Waiting): Promise<wire.PollAnswer> {
    const deadline = performance.now() + request.waitMs;
    const keys = [
      `group ${request.group}` as const,
      ...new Set(request.positions.map((position) => `topic ${position.topic}` as const)),
    ];
    const leave = this.presence.enter(request.group, request.member);
    const ended = new AbortController();
    const end = (): void => ended.abort();
    waiting.signal.addEventListener('abort', end);
    try {
      for (;;) {
        // The wait begins before the log is read, so that no record appended in between is missed.
        const leftMs = Math.max(0, deadline - performance.now());
        const signalled = this.broker.signals.wait(keys, leftMs, ended.signal);
        const answer = (await this.isMember(request)) ? await this.read(request) : REJOIN;
        const isOver = performance.now() >= deadline || waiting.signal.aborted;
        if (answer.rejoin || answer.records.length > 0 || answer.gaps.length > 0 || isOver) {
          return answer;
        }
        if ((await waiting.idle(signalled)) === null) return answer;
      }
    } finally {
      waiting.signal.removeEventListener('abort', end);
      end();
      leave();
    }
  }

  /** Whether a member is one of its group's present generation; marks it as seen. */
  private async isMember(request: wire.PollRequest): Promise<boolean> {
    const { rows } = await this.pool.query<{ generation: number; silent: boolean }>({
      name: 'embedded-see-member',
      text: `UPDATE embedded_member m SET seen_at = now() FROM embedded_group g
       WHERE g.name = m.group_name AND m.group_name = $1 AND m.member = $2
       RETURNING g.generation, EXISTS (SELECT 1 FROM embedded_member o WHERE o.group_name = $1
         AND o.seen_at < now() - make_interval(secs => $3)) AS silent`,
      values: [request.group, request.member, MEMBER_TIMEOUT_SECONDS],
    });
    const member = rows[0];
    if (!member || member.generation !== request.generation || member.silent) {
      if (member?.silent) await this.expire(request.group);
      return false;
    }
    return true;
  }

  async commit(request: wire.CommitRequest): Promise<Record<string, never>> {
    await inTransaction(this.pool, async (client) => {
      await this.fence(client, request);
      for (const item of request.offsets) {
        await client.query({
          name: 'embedded-commit-position',
          text: `INSERT INTO embedded_position (group_name, topic_id, partition, "offset", metadata)
           SELECT $1, t.id, p.partition, $4, $5 FROM embedded_topic t
           JOIN embedded_partition p ON p.topic_id = t.id AND p.partition = $3
           WHERE t.name = $2
           ON CONFLICT (group_name, topic_id, partition) DO UPDATE
           SET "offset" = excluded."offset", metadata = excluded.metadata, committed_at = now()`,
          values: [request.group, item.topic, item.partition, item.offset, item.metadata],
        });
      }
    });
    return {};
  }

  async leave(request: wire.LeaveRequest): Promise<Record<string, never>> {
    const left = await inTransaction(this.pool, async (client) => {
      await lockGroup(client, request.group);
      const gone = await client.query({
        name: 'embedded-remove-member',
        text: 'DELETE FROM embedded_member WHERE group_name = $1 AND member = $2',
        values: [request.group, request.member],
      });
      if (gone.rowCount) await this.shareOut(client, request.group);
      return gone.rowCount;
    });
    if (left) this.broker.signals.raise([`group ${request.group}`]);
    return {};
  }

  private async read(request: wire.PollRequest): Promise<wire.PollAnswer> {
    const positions = request.positions.map((position) => ({ ...position, offset: BigInt(position.offset) }));
    if (positions.length === 0) return { rejoin: false, records: [], gaps: [] };
    const answers = await this.broker.fetch(positions, { maxBytes: request.maxBytes, waitMs: 0 });
    const records = answers.flatMap((answer) =>
      answer.records.map((record): wire.StoredWireRecord => ({
        topic: record.topic,
        partition: record.partition,
        offset: record.offset.toString(),
        timestamp: record.timestamp,
        key: record.key?.toString('base64') ?? null,
        value: record.value?.toString('base64') ?? null,
        headers: record.headers.map(([name, value]) => [name, value?.toString('base64') ?? null]),
      })),
    );
    const gaps = answers.flatMap(({ topic, partition, gap }) =>
      gap ? [{ topic, partition, from: gap.from.toString(), to: gap.to.toString() }] : [],
    );
    return { rejoin: false, records, gaps };
  }

  /** @throws CourierError conflict when the member is not of this generation, whose partitions others may have now */
  private async fence(client: PoolClient, request: wire.CommitRequest): Promise<void> {
    const { rows } = await client.query<{ generation: number }>({
      name: 'embedded-generation-of-member',
      text: `SELECT g.generation FROM embedded_group g JOIN embedded_member m ON m.group_name = g.name
       WHERE g.name = $1 AND m.member = $2 FOR SHARE OF g`,
      values: [request.group, request.member],
    });
    if (rows[0]?.generation !== request.generation) {
      throw new CourierError(
        'conflict',
        `The member ${request.member} is not of generation ${rows[0]?.generation ?? 'none'} of ${request.group}: join again.`,
      );
    }
  }

  private async expire(group: string): Promise<void> {
    const lost = await inTransaction(this.pool, async (client) => {
      await lockGroup(client, group);
      const removed = await this.removeSilent(client, group);
      if (removed) await this.shareOut(client, group);
      return removed;
    });
    if (lost) this.broker.signals.raise([`group ${group}`]);
  }

  private async removeSilent(client: PoolClient, group: string): Promise<boolean> {
    const gone = await client.query({
      name: 'embedded-remove-silent',
      text: 'DELETE FROM embedded_member WHERE group_name = $1 AND seen_at < now() - make_interval(secs => $2)',
      values: [group, MEMBER_TIMEOUT_SECONDS],
    });
    return (gone.rowCount ?? 0) > 0;
  }

  /** Gives partitions of topics that were made just now to the groups whose members wait for them. */
  private async shareOutTo(topics: string[]): Promise<void> {
    const { rows } = await this.pool.query<{ group_name: string }>({
      name: 'embedded-groups-that-read',
      text: 'SELECT DISTINCT group_name FROM embedded_member WHERE topics && $1 ORDER BY 1',
      values: [topics],
    });
    for (const { group_name: group } of rows) {
      await inTransaction(this.pool, async (client) => {
        await lockGroup(client, group);
        await this.shareOut(client, group);
      });
      this.broker.signals.raise([`group ${group}`]);
    }
  }

  /** A new generation: each topic's partitions go round its members in turn. */
  private async shareOut(client: PoolClient, group: string): Promise<void> {
    const { rows } = await client.query<MemberRow>({
      name: 'embedded-members-of',
      text: 'SELECT member, topics FROM embedded_member WHERE group_name = $1 ORDER BY member',
      values: [group],
    });
    const partitions = await this.partitionsOf([...new Set(rows.flatMap((row) => row.topics))], client);
    const shares = new Map(rows.map((row) => [row.member, new Map<string, number[]>()]));
    for (const [topic, count] of partitions) {
      const readers = rows.filter((row) => row.topics.includes(topic));
      for (let partition = 0; partition < count; partition += 1) {
        const share = shares.get(readers[partition % readers.length]?.member ?? '');
        share?.set(topic, [...(share.get(topic) ?? []), partition]);
      }
    }
    for (const [member, share] of shares) {
      const assignment = [...share].map(([topic, list]) => ({ topic, partitions: list }));
      await client.query({
        name: 'embedded-assign',
        text: 'UPDATE embedded_member SET assignment = $3 WHERE group_name = $1 AND member = $2',
        values: [group, member, JSON.stringify(assignment)],
      });
    }
    await client.query({
      name: 'embedded-next-generation',
      text: 'UPDATE embedded_group SET generation = generation + 1 WHERE name = $1',
      values: [group],
    });
  }

  private async assignmentOf(client: PoolClient, request: wire.JoinRequest): Promise<wire.JoinAnswer> {
    const { rows } = await client.query<{
      generation: number;
      topic: string | null;
      partition: number;
      offset: string | null;
      metadata: string | null;
      start_offset: string;
      next_offset: string;
      topic_id: number;
    }>({
      name: 'embedded-assignment-of',
      text: `SELECT g.generation, a.topic, a.partition, p."offset", p.metadata, e.start_offset, e.next_offset, e.topic_id
       FROM embedded_group g JOIN embedded_member m ON m.group_name = g.name AND m.member = $2
       LEFT JOIN LATERAL (
         SELECT one->>'topic' AS topic, number::int AS partition
         FROM jsonb_array_elements(m.assignment) AS one, jsonb_array_elements_text(one->'partitions') AS number
       ) a ON true
       LEFT JOIN embedded_topic t ON t.name = a.topic
       LEFT JOIN embedded_partition e ON e.topic_id = t.id AND e.partition = a.partition
       LEFT JOIN embedded_position p ON p.group_name = g.name AND p.topic_id = t.id AND p.partition = a.partition
       WHERE g.name = $1`,
      values: [request.group, request.member],
    });
    const assignment: wire.JoinAnswer['assignment'] = [];
    for (const row of rows) {
      if (row.topic === null) continue;
      const offset = row.offset ?? (request.fromBeginning ? row.start_offset : row.next_offset);
      assignment.push({ topic: row.topic, partition: row.partition, offset, metadata: row.metadata });
      // Fixed at once, or what arrives before the first commit would be passed over by the next member.
      if (row.offset === null) {
        await client.query({
          name: 'embedded-begin-position',
          text: 'INSERT INTO embedded_position (group_name, topic_id, partition, "offset") VALUES ($1, $2, $3, $4) ON CONFLICT DO NOTHING',
          values: [request.group, row.topic_id, row.partition, offset],
        });
      }
    }
    return { generation: rows[0]?.generation ?? 0, assignment, pollWaitMs: POLL_WAIT_MS };
  }

  private async partitionsOf(
    topics: string[],
    store: Pick<PoolClient, 'query'> = this.pool,
  ): Promise<Map<string, number>> {
    const { rows } = await store.query<{ name: string; partition: number }>({
      name: 'embedded-partitions-of-topics',
      text: 'SELECT t.name, p.partition FROM embedded_topic t JOIN embedded_partition p ON p.topic_id = t.id WHERE t.name = ANY($1)',
      values: [topics],
    });
    return new Map([...groupBy(rows, (row) => row.name)].map(([name, list]) => [name, list.length]));
  }
}

const REJOIN: wire.PollAnswer = { rejoin: true, records: [], gaps: [] };
