import { useTranslations } from 'next-intl';
import { useEffect } from 'react';
import { Filters } from '@/components/ui/filters/filter-chip';
import { loadFields, NameFilter, optionsOf, TimeFilter } from '@/components/ui/filters/filters';
import { ListFilter } from '@/components/ui/filters/list-filter';
import type { FailureListRow } from '@/lib/contract/failures';
import { ORDERS, stateOf, STATES, type useFailureFilter } from './use-failure-filter';

const NAMED = ['group', 'topic', 'release'] as const;

/** What the list of failures is narrowed by; only names that there are can be chosen. */
export function FailureFilters({
  rows,
  filter,
  setFilter,
}: { rows: FailureListRow[] } & Pick<ReturnType<typeof useFailureFilter>, 'filter' | 'setFilter'>) {
  const t = useTranslations('failures');
  useEffect(() => void loadFields(), []);
  const names = {
    group: rows.map((row) => row.group),
    topic: rows.flatMap((row) => row.topics),
    release: rows.flatMap((row) => row.releases),
  };
  return (
    <ListFilter
      label={t('filter')}
      name={filter.name}
      onName={(name) => void setFilter({ name })}
      total={rows.length}
      segments={STATES.map((value) => ({
        value,
        words: t(`state.${value}`),
        count: rows.filter((row) => stateOf(row) === value).length,
      }))}
      chosen={filter.state}
      onChoose={(state) => void setFilter({ state })}
    >
      <Filters>
        <TimeFilter
          word={t('by.began')}
          from={filter.from}
          to={filter.to}
          onChange={(span) => void setFilter(span)}
        />
        {NAMED.map((name) => (
          <NameFilter
            key={name}
            word={t(`by.${name}`)}
            value={filter[name]}
            options={optionsOf([...new Set(names[name])].sort())}
            onChange={(value) => void setFilter({ [name]: value })}
          />
        ))}
        <NameFilter
          word={t('by.order')}
          value={filter.order === 'trouble' ? null : filter.order}
          options={ORDERS.map((value) => ({ value, label: t(`orderOf.${value}`) }))}
          onChange={(order) => void setFilter({ order: ORDERS.find((item) => item === order) ?? null })}
        />
      </Filters>
    </ListFilter>
  );
}
