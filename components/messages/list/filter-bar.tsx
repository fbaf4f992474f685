'use client';

import { useTranslations } from 'next-intl';
import { lazy } from '@/components/ui/lazy';
import { useEffect } from 'react';
import { Filter, Filters } from '@/components/ui/filters/filter-chip';
import { loadFields, NameFilter, optionsOf, TextFilter, TimeFilter } from '@/components/ui/filters/filters';
import { useFormat } from '@/components/ui/use-format';
import type { MessageFilters } from '@/lib/client/use-messages';
import { FILTER_NAMES, MESSAGE_FILTER } from '@/lib/contract/message-filter';
import { MESSAGE_KINDS } from '@/lib/protocol/fact';
import type { MessageList } from '@/lib/contract/messages';
import type { STATUSES } from '@/lib/domain/messages/status';

const loadStatus = () => import('./status-field');
const StatusField = lazy(() => loadStatus().then((module) => module.StatusField));

interface Props {
  filters: MessageFilters;
  names: MessageList['names'] | undefined;
  /** The list is kept to one status, so there is nothing to choose. */
  isOfOneStatus: boolean;
  /** The last minutes that the list is of, in words; null: of all. */
  last: string | null;
  onChange: (next: Partial<MessageFilters>) => void;
}

/** What the list is narrowed by. Each filter in force is a chip with a cross. */
export function FilterBar({ filters, names, isOfOneStatus, last, onChange }: Props) {
  const t = useTranslations('messages.filter');
  const statuses = useTranslations('status');
  const format = useFormat();
  useEffect(() => void Promise.all([loadFields(), loadStatus()]), []);
  const kinds = MESSAGE_KINDS.map((kind) => ({ value: kind, label: t(`kindOf.${kind}`) }));
  const chosen = format.list(filters.status.map((item) => statuses(item as (typeof STATUSES)[number])));
  return (
    <Filters>
      {filters.q ? (
        <Filter word={t('words')} value={filters.q} onClear={() => onChange({ q: null })} />
      ) : null}
      {isOfOneStatus ? null : (
        <Filter word={t('status')} value={chosen || null} onClear={() => onChange({ status: [] })}>
          {() => <StatusField chosen={filters.status} onChange={(status) => onChange({ status })} />}
        </Filter>
      )}
      {FILTER_NAMES.map((name) => {
        // The status and the time have fields of their own.
        if (name === 'status' || name === 'from' || name === 'to') return null;
        const field = MESSAGE_FILTER[name];
        const shared = {
          word: t(name),
          value: filters[name],
          onChange: (value: string | null) => onChange({ [name]: value }),
        };
        if (field.form === 'kind') return <NameFilter key={name} {...shared} options={kinds} />;
        if ('names' in field)
          return <NameFilter key={name} {...shared} options={optionsOf(names?.[field.names])} />;
        return <TextFilter key={name} {...shared} />;
      })}
      <TimeFilter word={t('time')} from={filters.from} to={filters.to} last={last} onChange={onChange} />
    </Filters>
  );
}
