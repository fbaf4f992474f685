'use client';

import { Button, Popover, TextInput } from '@mantine/core';
import { useTranslations } from 'next-intl';
import { useState } from 'react';
import { useFormat } from '@/components/ui/use-format';
import type { MessageFilters } from '@/lib/client/use-messages';
import { Chip } from './filter-chip';

interface Props {
  from: string | null;
  to: string | null;
  onChange: (next: Partial<MessageFilters>) => void;
}

/** Keeps messages of a time; times are UTC, as everywhere. */
export function TimeFilter({ from, to, onChange }: Props) {
  const t = useTranslations('messages.filter');
  const format = useFormat();
  const [open, setOpen] = useState(false);
  const [draft, setDraft] = useState({ from: '', to: '' });
  const value = from || to ? `${from ? format.time(from) : '…'} – ${to ? format.time(to) : '…'}` : null;
  return (
    <Popover position="bottom-start" shadow="md" opened={open} onChange={setOpen} trapFocus>
      <Chip
        word={t('time')}
        value={value}
        onClear={() => onChange({ from: null, to: null })}
        onOpen={() => {
          setDraft({ from: localOf(from), to: localOf(to) });
          setOpen(!open);
        }}
      />
      <Popover.Dropdown>
        <form
          onSubmit={(event) => {
            event.preventDefault();
            onChange({ from: isoOf(draft.from), to: isoOf(draft.to) });
            setOpen(false);
          }}
        >
          {(['from', 'to'] as const).map((side) => (
            <TextInput
              key={side}
              type="datetime-local"
              step={1}
              size="xs"
              mb={8}
              label={t(side)}
              value={draft[side]}
              onChange={(event) => setDraft({ ...draft, [side]: event.target.value })}
            />
          ))}
          <Button type="submit">{t('apply')}</Button>
        </form>
      </Popover.Dropdown>
    </Popover>
  );
}

function localOf(iso: string | null): string {
  return iso ? iso.slice(0, 19) : '';
}

function isoOf(local: string): string | null {
  const time = Date.parse(`${local}Z`);
  return local && !Number.isNaN(time) ? new Date(time).toISOString() : null;
}
