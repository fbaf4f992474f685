import { z } from 'zod';
import { groupBy } from '@/lib/values/group-by';
import type { FailureRow } from '@/lib/contract/failures';
import type { DeadLetterTopics } from '@/lib/contract/topics';
import { isDeadLetterTopic, nameOfDialect } from '@/lib/engine/ingest/dead-letters/dialects/registry';
import { isUsualDeadLetterName } from '@/lib/protocol/topics';
import { REPORTED } from '@/lib/store/dead-letters/reported';
import { countDeadLetters } from '@/lib/store/dead-letters/count';
import { readPolicies } from '@/lib/store/topics/topics';
import { failuresNow } from '../failures/rows';
import { defineOperation } from '../operation';
import { endsOf } from './list';

/** Hours that are counted, each by itself. */
const HOURS = 24;
const HOUR_SECONDS = 3_600;

/** Dead-letter topics with group, records, growth and messages that still fail. Fullest first. */
export const listDeadLetterTopics = defineOperation({
  name: 'topics.list-dead-letters',
  permission: 'topics.read',
  input: z.strictObject({}),
  scope: () => ({}),
  audit: null,
  async run(call): Promise<DeadLetterTopics> {
    const hour = HOUR_SECONDS * 1_000;
    const from = new Date((Math.floor(call.now().getTime() / hour) + 1 - HOURS) * hour);
    const [policies, counts, failures] = await Promise.all([
      readPolicies(call.store, call.cluster.id),
      countDeadLetters(call.store, call.cluster.id, from, HOUR_SECONDS),
      failuresNow(call),
    ]);
    const names = [...policies.values()]
      .filter(
        (topic) =>
          topic.goneAt === null && (isDeadLetterTopic(topic.name) || isUsualDeadLetterName(topic.name)),
      )
      .map((topic) => topic.name);
    for (const { topic } of counts) if (!names.includes(topic)) names.push(topic);
    const { ends, problem } = await endsOf(call, names);
    const byTopic = groupBy(ends.known, (item) => item.topic);
    const rows = names.map((name) => {
      const count = counts.find((count) => count.topic === name);
      const hours = new Array<number>(HOURS).fill(0);
      // A clock that goes ahead writes letters of the future: they count as of now.
      for (const { step, count: letters } of count?.steps ?? [])
        hours[Math.min(step, HOURS - 1)] = (hours[Math.min(step, HOURS - 1)] ?? 0) + letters;
      const partitions = byTopic.get(name) ?? [];
      return {
        name,
        group: count?.group ?? null,
        dialect: count && count.dialect !== REPORTED ? nameOfDialect(count.dialect) : null,
        records:
          problem || ends.unknown.some((item) => item.topic === name)
            ? null
            : partitions.reduce((sum, partition) => sum + Number(partition.end - partition.start), 0),
        newestAt: count?.newestAt.toISOString() ?? null,
        hours: count || isDeadLetterTopic(name) ? hours : null,
        // A topic of Courier's own is read whole: without a letter, no group gave up there.
        gaveUp: count?.group ? stillFailing(count.group, failures) : isDeadLetterTopic(name) ? 0 : null,
      };
    });
    return {
      at: call.now().toISOString(),
      brokerProblem: problem,
      hoursFrom: from.toISOString(),
      rows: rows.toSorted((a, b) => (b.records ?? 0) - (a.records ?? 0) || (a.name < b.name ? -1 : 1)),
    };
  },
  within: (list, sees) => ({
    ...list,
    rows: list.rows.filter(({ name, group }) =>
      group === null ? sees.topic(name) && !sees.isLimitedToGroups : sees.group(group),
    ),
  }),
});

function stillFailing(group: string, failures: readonly FailureRow[]): number {
  return failures
    .filter((failure) => failure.group === group)
    .reduce((sum, failure) => sum + failure.gaveUp, 0);
}
