'use client';

import { useTranslations } from 'next-intl';
import { useRangeCounts, type RangeCounts } from '@/lib/client/use-many-counts';
import type { MessageFilters } from '@/lib/client/use-messages';
import { FAILING, type Status, STATUSES } from '@/lib/domain/messages/status';
import type { MessageHistogram, MessageList } from '@/lib/contract/messages';
import classes from './list.module.css';

/** Counts all and failing messages of the selected time; without a histogram, those of the rows shown. */
export function ListSentence({
  filters,
  list,
  histogram,
  span,
  isNarrowed,
  onFailing,
}: {
  filters: MessageFilters;
  list: MessageList | undefined;
  histogram: MessageHistogram | undefined;
  /** The time that the histogram is of, in words. */
  span: string;
  /** Whether the list is of that time alone. */
  isNarrowed: boolean;
  /** Shows the failing ones of that time. */
  onFailing: (next: Partial<MessageFilters>) => void;
}) {
  const t = useTranslations('messages');
  const isRanged = filters.from !== null || filters.to !== null;
  const { data: range } = useRangeCounts(filters, isRanged && filters.q === null);
  const counts = isRanged ? range : histogram && countsOf(histogram);
  if (filters.q !== null || !counts) {
    const failing = list?.rows.filter((row) => row.status.endsWith('FAIL')).length ?? 0;
    return (
      <>
        {list && list.rows.length > 0 ? t('sentence', { shown: list.rows.length, failing }) : null}
        {filters.q ? ` · ${t('foundBy', { words: filters.q })}` : null}
      </>
    );
  }
  const [total, failing] = [sumOf(counts.within, STATUSES), sumOf(counts.within, FAILING)];
  const isAll = filters.status.length > 0 || total === 0;
  const before = sumOf(counts.before, STATUSES);
  const stillFailing = filters.status.length === 0 ? sumOf(counts.before, FAILING) : 0;
  return (
    <>
      {t(total === 0 && before > 0 ? 'noneInSpan' : 'inSpan', {
        total,
        span: isRanged ? t('thisRange') : span,
        isAll: String(isAll),
        isCut: String(counts.isCut),
      })}
      {isAll ? null : failing === 0 ? (
        ` ${t('noneFailing')}`
      ) : (
        <>
          {' '}
          <button
            type="button"
            className={`asLink ${classes.failing}`}
            onClick={() =>
              onFailing({
                status: [...FAILING],
                ...(isNarrowed ? {} : { from: filters.from ?? histogram?.from ?? null }),
              })
            }
          >
            {t('failing', { count: failing })}
          </button>
        </>
      )}
      {before > 0 ? ` ${t('olderOnes', { count: before, isCut: String(counts.isBeforeCut) })}` : null}
      {stillFailing > 0 ? (
        <>
          {' '}
          <button
            type="button"
            className={`asLink ${classes.failing}`}
            onClick={() =>
              onFailing({ status: [...FAILING], ...(isRanged || isNarrowed ? { from: null, to: null } : {}) })
            }
          >
            {t('stillFailing', { count: stillFailing })}
          </button>
        </>
      ) : null}
    </>
  );
}

/** The counts of the bars and of older messages; null while counting takes too long. */
function countsOf({ bars, older, isCut, isOlderCut }: MessageHistogram): RangeCounts | null {
  if (!bars) return null;
  const of = (count: (status: Status) => number) =>
    Object.fromEntries(STATUSES.map((status) => [status, count(status)])) as RangeCounts['within'];
  return {
    within: of((status) => bars[status].reduce((sum, some) => sum + some, 0)),
    before: of((status) => older?.[status] ?? 0),
    isCut,
    isBeforeCut: isOlderCut,
  };
}

function sumOf(counts: RangeCounts['within'], statuses: readonly Status[]): number {
  return statuses.reduce((sum, status) => sum + counts[status], 0);
}
