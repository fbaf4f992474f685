import { sooner, type Risk } from '@/lib/domain/groups/data-at-risk';
import type { GroupRisk } from '@/lib/contract/groups';

/** What a group loses first, and of how many partitions that is unknown. */
export function soonestRisk(
  rows: readonly { topic: string; partition: number; judged: { risk?: Risk } }[],
): GroupRisk {
  const known = rows.flatMap(({ topic, partition, judged: { risk } }) =>
    risk?.kind === 'at' ? [{ topic, partition, ...risk }] : [],
  );
  const unknown = rows.filter(({ judged }) => judged.risk?.kind === 'unknown').length;
  return { soonest: known.toSorted(sooner)[0] ?? null, unknown };
}
