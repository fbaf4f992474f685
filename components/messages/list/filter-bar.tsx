'use client';

import { useTranslations } from 'next-intl';
import { lazy } from '@/components/ui/lazy';
import { useEffect } from 'react';
import { Filter, Filters } from '@/components/ui/filters/filter-chip';
import { loadFields, NameFilter, optionsOf, TextFilter, TimeFilter } from '@/components/ui/filters/filters';
import { useFormat } from '@/components/ui/use-format';
import type { MessageFilters } from '@/lib/client/use-messages';
import { MESSAGE_KINDS } from '@/lib/protocol/fact';
import type { STATUSES } from '@/lib/domain/messages/status';

const loadStatus = () => import('./status-field');
const StatusField = lazy(() => loadStatus().then((module) => module.StatusField));

interface Props {
  filters: MessageFilters;
  names: { topics: string[]; groups: string[]; types: string[]; services: string[] } | undefined;
  /** The list is kept to one status, so there is nothing to choose. */
  isOfOneStatus: boolean;
  onChange: (next: Partial<MessageFilters>) => void;
}

/** What the list is narrowed by. Each filter in force is a chip with a cross. */
export function FilterBar({ filters, names, isOfOneStatus, onChange }: Props) {
  const t = useTranslations('messages.filter');
  const statuses = useTranslations('status');
  const format = useFormat();
  useEffect(() => void Promise.all([loadFields(), loadStatus()]), []);
  const named = (
    name: 'topic' | 'group' | 'type' | 'service' | 'kind',
    options: { value: string; label: string }[],
  ) => (
    <NameFilter
      word={t(name)}
      value={filters[name]}
      options={options}
      onChange={(value) => onChange({ [name]: value })}
    />
  );
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
      {named('topic', optionsOf(names?.topics))}
      {named('group', optionsOf(names?.groups))}
      {named('type', optionsOf(names?.types))}
      {named('service', optionsOf(names?.services))}
      {named(
        'kind',
        MESSAGE_KINDS.map((kind) => ({ value: kind, label: t(`kindOf.${kind}`) })),
      )}
      <TextFilter word={t('key')} value={filters.key} onChange={(key) => onChange({ key })} />
      <TextFilter word={t('error')} value={filters.error} onChange={(error) => onChange({ error })} />
      <TimeFilter word={t('time')} from={filters.from} to={filters.to} onChange={onChange} />
    </Filters>
  );
}
