'use client';

import { Checkbox, Popover, Select, TextInput } from '@mantine/core';
import { IconChevronDown, IconX } from '@tabler/icons-react';
import { useTranslations } from 'next-intl';
import { useState } from 'react';
import type { MessageFilters } from '@/lib/client/use-messages';
import { STATUSES } from '@/lib/domain/status';
import classes from './list.module.css';

interface Props {
  filters: MessageFilters;
  names: { topics: string[]; groups: string[] } | undefined;
  onChange: (next: Partial<MessageFilters>) => void;
}

/** Filters by status, topic, group, type and key. Each one in force is a chip with a cross. */
export function FilterBar({ filters, names, onChange }: Props) {
  const t = useTranslations('messages.filter');
  return (
    <div className={classes.bar}>
      <StatusFilter chosen={filters.status} onChange={(status) => onChange({ status })} />
      <NameFilter
        word={t('topic')}
        value={filters.topic}
        options={names?.topics ?? []}
        onChange={(topic) => onChange({ topic })}
      />
      <NameFilter
        word={t('group')}
        value={filters.group}
        options={names?.groups ?? []}
        onChange={(group) => onChange({ group })}
      />
      <TextFilter word={t('type')} value={filters.type} onChange={(type) => onChange({ type })} />
      <TextFilter word={t('key')} value={filters.key} onChange={(key) => onChange({ key })} />
    </div>
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
  options: string[];
  onChange: (value: string | null) => void;
}) {
  const [open, setOpen] = useState(false);
  return (
    <Popover position="bottom-start" shadow="md" opened={open} onChange={setOpen} trapFocus>
      <Chip word={word} value={value} onClear={() => onChange(null)} onOpen={() => setOpen(!open)} />
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

function Chip({
  word,
  value,
  onClear,
  onOpen,
}: {
  word: string;
  value: string | null;
  onClear: () => void;
  onOpen?: () => void;
}) {
  const t = useTranslations('messages.filter');
  return (
    <span className={classes.chip} data-active={value !== null}>
      <Popover.Target>
        <button type="button" onClick={onOpen}>
          <span>{word}</span>
          {value === null ? <IconChevronDown size={13} aria-hidden /> : <b>{value}</b>}
        </button>
      </Popover.Target>
      {value === null ? null : (
        <button type="button" onClick={onClear} aria-label={t('remove', { filter: word })}>
          <IconX size={13} aria-hidden />
        </button>
      )}
    </span>
  );
}
