'use client';

import { Popover } from '@mantine/core';
import { IconFilter } from '@tabler/icons-react';
import { useTranslations } from 'next-intl';
import dynamic from 'next/dynamic';
import { useEffect, useState, type ComponentType, type ReactNode } from 'react';
import { useFormat } from '@/components/ui/use-format';
import type { MessageFilters } from '@/lib/client/use-messages';
import { MESSAGE_KINDS } from '@/lib/domain/message-kind';
import type { STATUSES } from '@/lib/domain/status';
import { Chip } from './filter-chip';
import classes from './list.module.css';

// What stands in a filter is wanted when it is opened; the list itself comes sooner without it.
const loadFields = () => import('./filter-fields');
const field = <Props,>(pick: (fields: Awaited<ReturnType<typeof loadFields>>) => ComponentType<Props>) =>
  dynamic(() => loadFields().then(pick), { ssr: false });
const StatusField = field((fields) => fields.StatusField);
const NameField = field((fields) => fields.NameField);
const TextField = field((fields) => fields.TextField);
const TimeField = field((fields) => fields.TimeField);

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
  const [isOpen, setOpen] = useState(false);
  useEffect(() => void loadFields(), []);
  const { from, to } = filters;
  const named = (
    name: 'topic' | 'group' | 'type' | 'service' | 'kind',
    options: { value: string; label: string }[],
  ) => (
    <Filter
      word={t(name)}
      value={options.find((one) => one.value === filters[name])?.label ?? filters[name]}
      onClear={() => onChange({ [name]: null })}
    >
      {(close) => (
        <NameField
          word={t(name)}
          value={filters[name]}
          options={options}
          onChange={(value) => {
            onChange({ [name]: value });
            close();
          }}
        />
      )}
    </Filter>
  );
  const text = (name: 'key' | 'error') => (
    <Filter word={t(name)} value={filters[name]} onClear={() => onChange({ [name]: null })}>
      {(close) => (
        <TextField
          word={t(name)}
          value={filters[name]}
          onChange={(value) => {
            onChange({ [name]: value });
            close();
          }}
        />
      )}
    </Filter>
  );
  const chosen = filters.status.map((one) => statuses(one as (typeof STATUSES)[number])).join(', ');
  return (
    <div className={classes.bar} data-open={isOpen}>
      <button
        type="button"
        className={classes.unfold}
        aria-expanded={isOpen}
        onClick={() => setOpen(!isOpen)}
      >
        <IconFilter size={14} aria-hidden /> {t('open')}
      </button>
      {filters.q ? (
        <ClearOnly word={t('words')} value={filters.q} onClear={() => onChange({ q: null })} />
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
      {text('key')}
      {text('error')}
      <Filter
        word={t('time')}
        value={from || to ? `${from ? format.time(from) : '…'} – ${to ? format.time(to) : '…'}` : null}
        onClear={() => onChange({ from: null, to: null })}
      >
        {(close) => (
          <TimeField
            from={from}
            to={to}
            onChange={(span) => {
              onChange(span);
              close();
            }}
          />
        )}
      </Filter>
    </div>
  );
}

function optionsOf(names: string[] | undefined): { value: string; label: string }[] {
  return (names ?? []).map((name) => ({ value: name, label: name }));
}

/** A filter that another place set. */
function ClearOnly({ word, value, onClear }: { word: string; value: string; onClear: () => void }) {
  return (
    <Popover>
      <Chip word={word} value={value} onClear={onClear} />
    </Popover>
  );
}

/** A chip and what opens under it. */
function Filter({
  word,
  value,
  onClear,
  children,
}: {
  word: string;
  value: string | null;
  onClear: () => void;
  children: (close: () => void) => ReactNode;
}) {
  const [open, setOpen] = useState(false);
  return (
    <Popover position="bottom-start" shadow="md" opened={open} onChange={setOpen} trapFocus>
      <Chip word={word} value={value} onClear={onClear} onOpen={() => setOpen(!open)} />
      <Popover.Dropdown>{children(() => setOpen(false))}</Popover.Dropdown>
    </Popover>
  );
}
