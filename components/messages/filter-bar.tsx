'use client';

import { Checkbox, Popover, Select, TextInput } from '@mantine/core';
import { useTranslations } from 'next-intl';
import { useState } from 'react';
import type { MessageFilters } from '@/lib/client/use-messages';
import { MESSAGE_KINDS } from '@/lib/domain/message-kind';
import { STATUSES } from '@/lib/domain/status';
import classes from './list.module.css';
import { Chip } from './filter-chip';
import { TimeFilter } from './time-filter';

interface Props {
  filters: MessageFilters;
  names: { topics: string[]; groups: string[]; types: string[]; services: string[] } | undefined;
  onChange: (next: Partial<MessageFilters>) => void;
}

/** What the list is narrowed by. Each filter in force is a chip with a cross. */
export function FilterBar({ filters, names, onChange }: Props) {
  const t = useTranslations('messages.filter');
  const named = (name: 'topic' | 'group' | 'type' | 'service', options: string[] | undefined) => (
    <NameFilter
      word={t(name)}
      value={filters[name]}
      options={(options ?? []).map((one) => ({ value: one, label: one }))}
      onChange={(value) => onChange({ [name]: value })}
    />
  );
  return (
    <div className={classes.bar}>
      {filters.q ? (
        <ClearOnly word={t('words')} value={filters.q} onClear={() => onChange({ q: null })} />
      ) : null}
      <StatusFilter chosen={filters.status} onChange={(status) => onChange({ status })} />
      {named('topic', names?.topics)}
      {named('group', names?.groups)}
      {named('type', names?.types)}
      {named('service', names?.services)}
      <NameFilter
        word={t('kind')}
        value={filters.kind}
        options={MESSAGE_KINDS.map((kind) => ({ value: kind, label: t(`kindOf.${kind}`) }))}
        onChange={(kind) => onChange({ kind })}
      />
      <TextFilter word={t('key')} value={filters.key} onChange={(key) => onChange({ key })} />
      <TextFilter word={t('error')} value={filters.error} onChange={(error) => onChange({ error })} />
      <TimeFilter from={filters.from} to={filters.to} onChange={onChange} />
    </div>
  );
}

/** A filter that another place set. */
function ClearOnly({ word, value, onClear }: { word: string; value: string; onClear: () => void }) {
  return (
    <Popover>
      <Chip word={word} value={value} onClear={onClear} />
    </Popover>
  );
}

function StatusFilter({ chosen, onChange }: { chosen: string[]; onChange: (status: string[]) => void }) {
  const t = useTranslations();
  const words = chosen.map((one) => t(`status.${one as (typeof STATUSES)[number]}`)).join(', ');
  return (
    <Popover position="bottom-start" shadow="md">
      <Chip word={t('messages.filter.status')} value={words || null} onClear={() => onChange([])} />
      <Popover.Dropdown>
        {STATUSES.map((status) => (
          <Checkbox
            key={status}
            size="xs"
            mb={8}
            checked={chosen.includes(status)}
            onChange={(event) =>
              onChange(event.target.checked ? [...chosen, status] : chosen.filter((one) => one !== status))
            }
            label={
              <>
                {t(`status.${status}`)} <span className="quiet">{status}</span>
              </>
            }
          />
        ))}
      </Popover.Dropdown>
    </Popover>
  );
}

function NameFilter({
  word,
  value,
  options,
  onChange,
}: {
  word: string;
  value: string | null;
  options: { value: string; label: string }[];
  onChange: (value: string | null) => void;
}) {
  const [open, setOpen] = useState(false);
  return (
    <Popover position="bottom-start" shadow="md" opened={open} onChange={setOpen} trapFocus>
      <Chip
        word={word}
        value={options.find((one) => one.value === value)?.label ?? value}
        onClear={() => onChange(null)}
        onOpen={() => setOpen(!open)}
      />
      <Popover.Dropdown>
        <Select
          aria-label={word}
          searchable
          size="xs"
          data={options}
          value={value}
          comboboxProps={{ withinPortal: false }}
          onChange={(next) => {
            onChange(next);
            setOpen(false);
          }}
        />
      </Popover.Dropdown>
    </Popover>
  );
}

function TextFilter({
  word,
  value,
  onChange,
}: {
  word: string;
  value: string | null;
  onChange: (value: string | null) => void;
}) {
  const [open, setOpen] = useState(false);
  const [text, setText] = useState('');
  return (
    <Popover position="bottom-start" shadow="md" opened={open} onChange={setOpen} trapFocus>
      <Chip
        word={word}
        value={value}
        onClear={() => onChange(null)}
        onOpen={() => {
          setText(value ?? '');
          setOpen(!open);
        }}
      />
      <Popover.Dropdown>
        <form
          onSubmit={(event) => {
            event.preventDefault();
            onChange(text.trim() || null);
            setOpen(false);
          }}
        >
          <TextInput
            aria-label={word}
            size="xs"
            value={text}
            onChange={(event) => setText(event.target.value)}
          />
        </form>
      </Popover.Dropdown>
    </Popover>
  );
}
