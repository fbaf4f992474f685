import type { Actor, Context } from '@/lib/context/context';
import { listFailures } from '@/lib/operations/failures/list';
import { listGroups } from '@/lib/operations/groups/list';
import { listAllMessages } from '@/lib/operations/messages/list';
import { countOperators } from '@/lib/store/operators/operators';
import { listAllRetries } from '@/lib/operations/retries/list';
import { getSettings } from '@/lib/operations/settings/get';
import { listServiceTokens } from '@/lib/operations/tokens/list';
import { listDeadLetterTopics } from '@/lib/operations/topics/list-dead-letters';
import { listTopics } from '@/lib/operations/topics/list';

const PAGE = 200;

type Counts = Record<string, number>;

/**
 * What Courier reports of a database, in terms that outlive its tables: read through operations, and without values that
 * depend on the current time.
 */
export async function figuresOf(context: Context, actor: Actor) {
  const [failures, running, ended, deadLetters, settings, tokens, groups, topics, operators] =
    await Promise.all([
      listFailures.call(context, actor, {}),
      listAllRetries.call(context, actor, { running: true, limit: PAGE }),
      listAllRetries.call(context, actor, { running: false, limit: PAGE }),
      listDeadLetterTopics.call(context, actor, {}),
      getSettings.call(context, actor, {}),
      listServiceTokens.call(context, actor, {}),
      listGroups.call(context, actor, {}),
      listTopics.call(context, actor, { internal: false }),
      countOperators(context.store),
    ]);
  const messages = await messagesOf(context, actor, {});
  const deliveries: Record<string, Counts> = {};
  const groupNames = [...new Set(messages.flatMap((message) => message.groupNames))].sort();
  for (const group of groupNames)
    deliveries[group] = countBy(await messagesOf(context, actor, { group }), ({ status }) => status);
  return {
    messages: countBy(messages, ({ status }) => status),
    messagesByTopic: countBy(messages, ({ topic, status }) => `${topic ?? '-'} ${status}`),
    deliveries,
    failures: failures.rows
      .map(({ group, type, error, messages, gaveUp, attempts, firstAt, lastAt }) => ({
        group,
        type,
        error,
        messages,
        gaveUp,
        attempts,
        firstAt,
        lastAt,
      }))
      .sort((a, b) => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1)),
    retries: [...running.rows, ...ended.rows].map(
      ({ id, operator, reason, groups, states, total, endedAt }) => ({
        id,
        operator,
        reason,
        groups,
        states,
        total,
        endedAt,
      }),
    ),
    deadLetters: Object.fromEntries(
      deadLetters.rows.map(({ name, group, records, gaveUp }) => [name, { group, records, gaveUp }]),
    ),
    waiting: settings.waiting,
    rejected: settings.rejected,
    gaps: settings.gaps,
    groups: groups.groups.map(({ name }) => name).sort(),
    topics: topics.rows.map(({ name }) => name).sort(),
    operators,
    tokens: tokens.tokens.map(({ name, scope, createdAt, revokedAt }) => ({
      name,
      scope,
      createdAt,
      revokedAt,
    })),
  };
}

async function messagesOf(context: Context, actor: Actor, filter: { group?: string }) {
  const rows = [];
  for (let before: string | null | undefined; before !== null;) {
    const page = await listAllMessages.call(context, actor, {
      ...filter,
      limit: PAGE,
      ...(before ? { before } : {}),
    });
    rows.push(...page.rows);
    before = page.next;
  }
  return rows;
}

function countBy<T>(rows: readonly T[], keyOf: (row: T) => string): Counts {
  const counts = new Map<string, number>();
  for (const row of rows) counts.set(keyOf(row), (counts.get(keyOf(row)) ?? 0) + 1);
  return Object.fromEntries([...counts].sort(([a], [b]) => (a < b ? -1 : 1)));
}

/** Sources by the names of release 0.1, on gaps and rejected facts. */
const PRESENT_SOURCE: Record<string, string> = {
  facts: 'collector',
  'facts topic': 'collector',
  'dead letters': 'dead-letter index',
  'dead-letter topic': 'dead-letter index',
};

/** Figures of a release before 0.2, with sources by the names that the upgrade gives them. */
export function inPresentWords(figures: Awaited<ReturnType<typeof figuresOf>>) {
  const renamed = <T extends { source: string }>(list: T[]) =>
    list.map((item) => ({ ...item, source: PRESENT_SOURCE[item.source] ?? item.source }));
  return {
    ...figures,
    gaps: renamed(figures.gaps),
    rejected: { ...figures.rejected, newest: renamed(figures.rejected.newest) },
  };
}
