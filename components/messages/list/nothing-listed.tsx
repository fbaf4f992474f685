'use client';

import { Button } from '@mantine/core';
import { useTranslations } from 'next-intl';
import { State } from '@/components/ui/state';
import { useManyCounts } from '@/lib/client/use-many-counts';
import { NO_FILTERS, type MessageFilters } from '@/lib/client/use-messages';
import { FILTER_NAMES, type FilterName } from '@/lib/contract/message-filter';
import type { MessageList } from '@/lib/contract/messages';
import { Searched } from './list-foot';
import classes from './list.module.css';

const TIMES = ['from', 'to'] as const;
/** Every filter but the time, which is spoken of by itself. */
const FILTERS = [...FILTER_NAMES, 'q' as const].filter(
  (name): name is Exclude<FilterName, (typeof TIMES)[number]> | 'q' => !TIMES.some((time) => time === name),
);

/** Explains why a list is empty: nothing yet, truly none, filtered away, or outside the time range. */
export function NothingListed({
  filters,
  unfiltered,
  list,
  onChange,
}: {
  filters: MessageFilters;
  /** What the list is without anybody's filters. */
  unfiltered: MessageFilters;
  list: MessageList;
  onChange: (next: Partial<MessageFilters>) => void;
}) {
  const t = useTranslations('messages');
  const isRanged = filters.from !== null || filters.to !== null;
  const active = FILTERS.filter((name) =>
    name === 'status' ? filters.status.length > unfiltered.status.length : filters[name] !== null,
  );
  const isFiltered = active.length > 0;
  if (!isFiltered && !isRanged && filters.before === null) {
    if (unfiltered.status.length === 0) return <State title={t('none')}>{t('noneHint')}</State>;
    return (
      <State title={t('noneNotSent')}>
        <Searched filters={filters} list={list} />
      </State>
    );
  }
  return (
    <State
      title={t('noneFiltered')}
      action={
        <Button variant="default" onClick={() => onChange(unfiltered)}>
          {t('clear')}
        </Button>
      }
    >
      <Searched filters={filters} list={list} />
      {active.length > 0 ? (
        <Without filters={filters} unfiltered={unfiltered} active={active} onChange={onChange} />
      ) : null}
      {isRanged ? <Outside filters={filters} onShow={() => onChange({ from: null, to: null })} /> : null}
    </State>
  );
}

/** How many there are without the filters, and which one hides the most. */
function Without({
  filters,
  unfiltered,
  active,
  onChange,
}: {
  filters: MessageFilters;
  unfiltered: MessageFilters;
  active: (typeof FILTERS)[number][];
  onChange: (next: Partial<MessageFilters>) => void;
}) {
  const t = useTranslations('messages');
  const words = useTranslations('filter');
  const range = { from: filters.from, to: filters.to };
  const counts = useManyCounts([
    { ...unfiltered, ...range },
    ...active.map((name) => ({ ...filters, before: null, [name]: NO_FILTERS[name] })),
  ]);
  // The counts arrive later. Their space is reserved from the start, so that no button moves under a finger.
  if (counts.some((item) => item === undefined)) return <p className={classes.later} />;
  const [without, ...less] = counts.map((item) => item?.count ?? 0);
  const most = Math.max(0, ...less);
  const name = active[less.indexOf(most)];
  return (
    <p className={classes.later}>
      {t('without', { count: without ?? 0, isAll: String(counts[0]?.isAll) })}{' '}
      {name && most > 0 && active.length > 1 ? (
        <Button variant="subtle" size="compact-xs" onClick={() => onChange({ [name]: NO_FILTERS[name] })}>
          {words('hidesMost', { filter: name === 'q' ? t('filter.words') : t(`filter.${name}`) })}
        </Button>
      ) : null}
    </p>
  );
}

/** How many messages the time range hides. */
function Outside({ filters, onShow }: { filters: MessageFilters; onShow: () => void }) {
  const t = useTranslations('messages');
  const [found] = useManyCounts([{ ...filters, from: null, to: null, before: null }]);
  const count = found?.count ?? 0;
  if (count === 0) return <p className={classes.later} />;
  return (
    <p className={classes.later}>
      {t('outside', { count, isAll: String(found?.isAll) })}{' '}
      <Button variant="subtle" size="compact-xs" onClick={onShow}>
        {t('showAll')}
      </Button>
    </p>
  );
}
