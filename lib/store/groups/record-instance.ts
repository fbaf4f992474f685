import type { Pool } from 'pg';
import type { ConsumerProblem, InstanceBeat } from '@/lib/protocol/fact';
import { inTransaction } from '@/lib/postgres';

/** Writes a heartbeat: the instance, its groups as ones that report outcomes, their subscriptions. */
export async function recordInstance(
  pool: Pool,
  clusterId: number,
  beat: Omit<InstanceBeat, 'v' | 'subscriptions' | 'topicPrefix'> & {
    topicPrefix?: string | undefined;
    subscriptions: {
      group: string;
      topics: string[];
      types?: string[] | undefined;
      retryTopic: string | null;
      retryReady: boolean;
      retryProblem?: string | undefined;
      problems?: ConsumerProblem[] | undefined;
      crashes?: number | undefined;
      unreadable?: number | undefined;
    }[];
  },
  groups: Map<string, number>,
  topics: Map<string, number>,
): Promise<void> {
  await inTransaction(pool, async (client) => {
    await client.query({
      name: 'record-instance',
      text: `INSERT INTO instance (id, cluster_id, service, release, host, process, dropped, groups, topic_prefix, troubles)
       VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
       ON CONFLICT (cluster_id, id, service) DO UPDATE SET dropped = excluded.dropped, groups = excluded.groups,
         topic_prefix = excluded.topic_prefix, troubles = excluded.troubles, last_seen_at = now()`,
      values: [
        beat.instance,
        clusterId,
        beat.service,
        beat.release,
        beat.host,
        beat.process,
        beat.dropped,
        beat.subscriptions.map((subscription) => subscription.group),
        beat.topicPrefix ?? null,
        troublesOf(beat.subscriptions),
      ],
    });
    const ids = [...groups.values()].sort((a, b) => a - b);
    await client.query({
      name: 'mark-reporting',
      text: 'UPDATE consumer_group SET reports = true WHERE id = ANY($1) AND NOT reports',
      values: [ids],
    });
    for (const subscription of [...beat.subscriptions].sort((a, b) => (a.group < b.group ? -1 : 1))) {
      for (const topic of [...subscription.topics].sort()) {
        await client.query({
          name: 'put-subscriptions',
          text: `INSERT INTO subscription (group_id, topic_id, types, retry_topic, retry_ready, retry_problem)
           VALUES ($1, $2, $3, $4, $5, $6)
           ON CONFLICT (group_id, topic_id) DO UPDATE SET types = excluded.types, retry_topic = excluded.retry_topic,
             retry_ready = excluded.retry_ready, retry_problem = excluded.retry_problem, last_seen_at = now()`,
          values: [
            groups.get(subscription.group),
            topics.get(topic),
            subscription.types ?? null,
            subscription.retryTopic,
            subscription.retryReady,
            subscription.retryProblem ?? null,
          ],
        });
      }
    }
  });
}

/** The problems and counts of a heartbeat's subscriptions, as JSON; null where there are none. */
function troublesOf(
  subscriptions: {
    group: string;
    problems?: ConsumerProblem[] | undefined;
    crashes?: number | undefined;
    unreadable?: number | undefined;
  }[],
): string | null {
  const troubles = subscriptions
    .map(({ group, problems = [], crashes = 0, unreadable = 0 }) => ({
      group,
      problems,
      crashes,
      unreadable,
    }))
    .filter(({ problems, crashes, unreadable }) => problems.length > 0 || crashes > 0 || unreadable > 0);
  return troubles.length > 0 ? JSON.stringify(troubles) : null;
}
