'use client';

import { useTranslations } from 'next-intl';
import { countWithin, stepsBetween } from '@/components/ui/charts/time-steps';
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
  if (filters.q !== null || !histogram?.bars) {
    const failing = list?.rows.filter((row) => row.status.endsWith('FAIL')).length ?? 0;
    return (
      <>
        {list && list.rows.length > 0 ? t('sentence', { shown: list.rows.length, failing }) : null}
        {filters.q ? ` · ${t('foundBy', { words: filters.q })}` : null}
      </>
    );
  }
  const isRanged = filters.from !== null || filters.to !== null;
  const { bars } = histogram;
  const axis = { ...histogram, steps: bars.HANDLED.length };
  const kept = stepsBetween(axis, filters.from, filters.to);
  const count = (statuses: readonly Status[]) =>
    statuses.reduce((sum, status) => sum + countWithin(bars[status], kept), 0);
  const total = count(STATUSES);
  const failing = count(FAILING);
  const isAll = filters.status.length > 0 || total === 0;
  const { older } = histogram;
  // Those before a chosen time: of the bars before it, and older than all bars.
  const earlier = kept && filters.from !== null ? { from: 0, to: kept.from } : null;
  const countBefore = (statuses: readonly Status[]) =>
    older && (!isRanged || earlier)
      ? statuses.reduce(
          (sum, status) => sum + older[status] + (earlier ? countWithin(bars[status], earlier) : 0),
          0,
        )
      : 0;
  const before = countBefore(STATUSES);
  const stillFailing = filters.status.length === 0 ? countBefore(FAILING) : 0;
  return (
    <>
      {t(total === 0 && before > 0 ? 'noneInSpan' : 'inSpan', {
        total,
        span: isRanged ? t('thisRange') : span,
        isAll: String(isAll),
        isCut: String(histogram.isCut),
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
                ...(isNarrowed ? {} : { from: filters.from ?? histogram.from }),
              })
            }
          >
            {t('failing', { count: failing })}
          </button>
        </>
      )}
      {before > 0 ? ` ${t('olderOnes', { count: before, isCut: String(histogram.isOlderCut) })}` : null}
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
