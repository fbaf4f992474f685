import { z } from 'zod';
import type { LogEnds, PartitionEnds, TopicSettings } from '@/lib/brokers/broker';
import { abilityTo } from '@/lib/domain/operators/permissions';
import type { PartitionView, TopicView } from '@/lib/contract/topics';
import { CourierError } from '@/lib/errors';
import { deadLetterTopicOf, roleOfTopic } from '@/lib/protocol/topics';
import { readCursors } from '@/lib/store/sources/cursors';
import { readGaps } from '@/lib/store/sources/gaps';
import { readSubscriptions, readTypes } from '@/lib/store/groups/read-subscriptions';
import type { GroupListRow } from '@/lib/contract/groups';
import { readLagNow, type LagNow } from '@/lib/store/lag/read-lag';
import { readMeasuredGroups } from '@/lib/store/lag/read-readers';
import { readPolicies } from '@/lib/store/topics/topics';
import { groupsNow } from '../groups/now';
import { defineOperation, type Call } from '../operation';
import { endsOf, INDEX, indexedSince, rateOf } from './list';
import { text } from '@/lib/protocol/strings';

const MAX_GAPS = 50;

/** One topic: how long it keeps records, its partitions, who reads it, what Courier keeps of it. */
export const getTopic = defineOperation({
  name: 'topics.get',
  permission: 'topics.read',
  input: z.strictObject({ name: text(249) }),
  scope: ({ name }) => ({ topic: name }),
  audit: null,
  async run(call, { name }): Promise<TopicView> {
    const { store, cluster } = call;
    const { role } = call.actor;
    const policy = (await readPolicies(store, cluster.id)).get(name);
    if (!policy || policy.goneAt) {
      const when = policy?.goneAt ? ` It was there until ${policy.goneAt.toISOString()}.` : '';
      throw new CourierError('not_found', `There is no topic ${name} on ${cluster.name}.${when}`);
    }
    const [groups, lag, subscriptions, types, gaps, cursors, broker, measured] = await Promise.all([
      groupsNow(call),
      readLagNow(store, cluster.id),
      readSubscriptions(store, policy.id),
      readTypes(store, policy.id),
      readGaps(store, cluster.id, policy.id, MAX_GAPS),
      readCursors(store, INDEX),
      fromBroker(call, name),
      readMeasuredGroups(store, cluster.id, policy.id),
    ]);
    const rows = lag.filter((row) => row.topic === name);
    const readers = new Set([
      ...rows.map((row) => row.group),
      ...subscriptions.map((subscription) => subscription.group),
    ]);
    const letters = await endsOf(call, [...readers].map(deadLetterTopicOf));
    const lettersOf = (topic: string) =>
      letters.ends.known
        .filter((end) => end.topic === topic)
        .reduce((sum, item) => sum + Number(item.end - item.start), 0);
    const cursorOf = new Map(
      cursors
        .filter((cursor) => cursor.topicId === policy.id)
        .map((cursor) => [cursor.partition, cursor.next]),
    );
    return {
      at: call.now().toISOString(),
      name,
      role: roleOfTopic(name),
      brokerProblem: broker.problem,
      settings: broker.settings,
      oldestAt: broker.oldestAt?.toISOString() ?? null,
      partitions: partitionsOf(broker.ends, (partition) =>
        rateOf(rows.filter((row) => row.partition === partition)),
      ),
      groups: groups
        .filter((group) => readers.has(group.name))
        .map((group) => {
          const subscription = subscriptions.find((subscription) => subscription.group === group.name);
          const deadLetterTopic = deadLetterTopicOf(group.name);
          return {
            name: group.name,
            verdict: group.verdict,
            ...unreadOn(rows, group),
            reports: subscription?.reports ?? false,
            retryTopic: subscription?.retryTopic ?? null,
            retryReady: subscription?.retryReady ?? false,
            deadLetterTopic,
            deadLetters:
              letters.problem || letters.ends.unknown.some((item) => item.topic === deadLetterTopic)
                ? null
                : lettersOf(deadLetterTopic),
          };
        }),
      pastGroups: measured
        .filter(({ group }) => !readers.has(group) || !groups.some(({ name: now }) => now === group))
        .map(({ group, at }) => ({ name: group, seenAt: at.toISOString() })),
      types,
      policy: {
        indexed: policy.indexed,
        idHeaders: policy.idHeaders,
        bodyPolicy: policy.bodyPolicy,
      },
      gaps: gaps.map(({ partition, from, to, foundAt }) => ({
        partition,
        from,
        to,
        foundAt: foundAt.toISOString(),
      })),
      indexBehind: policy.indexed && cursorOf.size > 0 ? behindOf(broker.ends.known, cursorOf) : null,
      indexedSince: policy.indexed ? indexedSince(cursors, policy.id) : null,
      can: {
        configure: abilityTo(role, 'topics.configure'),
        publish:
          roleOfTopic(name) === 'message'
            ? abilityTo(role, 'topics.publish')
            : { allowed: false, why: 'not_for_services', who: [] },
      },
    };
  },
  within: (topic, sees) => ({
    ...topic,
    groups: topic.groups.filter((group) => sees.group(group.name)),
    pastGroups: topic.pastGroups.filter((group) => sees.group(group.name)),
  }),
});

function partitionsOf(
  { known, unknown }: LogEnds,
  rateIn: (partition: number) => number | null,
): PartitionView[] {
  const read = known.map(({ partition, start, end }) => ({
    partition,
    log: { start: start.toString(), end: end.toString(), records: Number(end - start) },
    unread: null,
    rateIn: rateIn(partition),
  }));
  const unread = unknown.map(({ partition, reason }) => ({
    partition,
    log: null,
    unread: reason,
    rateIn: rateIn(partition),
  }));
  return [...read, ...unread].sort((a, b) => a.partition - b.partition);
}

function behindOf(ends: PartitionEnds[], cursors: Map<number, bigint>): number {
  return ends.reduce((sum, item) => {
    const next = cursors.get(item.partition) ?? item.start;
    return sum + (item.end > next ? Number(item.end - next) : 0);
  }, 0);
}

interface FromBroker {
  ends: LogEnds;
  settings: TopicSettings | null;
  oldestAt: Date | null;
  problem: string | null;
}

async function fromBroker(call: Call, name: string): Promise<FromBroker> {
  const { ends, problem } = await endsOf(call, [name]);
  if (problem) return { ends, problem, settings: null, oldestAt: null };
  const settings = await call.broker.topicSettings(name).catch(() => null);
  const filled = ends.known.filter((item) => item.end > item.start);
  const first = await call.broker
    .fetch(
      filled.map((item) => ({ topic: name, partition: item.partition, offset: item.start })),
      { maxBytes: 1, waitMs: 0 },
    )
    .catch(() => []);
  const times = first.flatMap((answer) => answer.records[0]?.timestamp ?? []);
  return { ends, problem, settings, oldestAt: times.length > 0 ? new Date(Math.min(...times)) : null };
}

/** What a group has to read on one topic; null: not known. */
function unreadOn(
  rows: LagNow[],
  group: Pick<GroupListRow, 'name' | 'lag'>,
): { lag: number | null; behindSeconds: number | null } {
  if (group.lag === null) return { lag: null, behindSeconds: null };
  const own = rows.filter((row) => row.group === group.name);
  const lags = own.flatMap((row) => row.judged?.lag ?? []);
  const delays = own.flatMap((row) => row.judged?.delay?.seconds ?? []);
  return {
    lag: lags.length > 0 ? lags.reduce((sum, lag) => sum + lag, 0) : null,
    behindSeconds: delays.length > 0 ? Math.max(...delays) : null,
  };
}
