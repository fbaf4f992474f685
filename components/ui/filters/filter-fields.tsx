'use client';

import { Button, Select, TextInput } from '@mantine/core';
import { useTranslations } from 'next-intl';
import { useState } from 'react';

/** One of the names that there are. */
export function NameField({
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
  return (
    <Select
      aria-label={word}
      searchable
      autoFocus
      size="xs"
      data={options}
      value={value}
      comboboxProps={{ withinPortal: false }}
      onChange={onChange}
    />
  );
}

/** Any text. */
export function TextField({
  word,
  value,
  onChange,
}: {
  word: string;
  value: string | null;
  onChange: (value: string | null) => void;
}) {
  const [text, setText] = useState(value ?? '');
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        onChange(text.trim() || null);
      }}
    >
      <TextInput
        aria-label={word}
        autoFocus
        size="xs"
        value={text}
        onChange={(event) => setText(event.target.value)}
      />
    </form>
  );
}

export interface Span {
  from: string | null;
  to: string | null;
}

/** A time; UTC, as everywhere. */
export function TimeField({ from, to, onChange }: Span & { onChange: (span: Span) => void }) {
  const t = useTranslations('filter');
  const [draft, setDraft] = useState({ from: localOf(from), to: localOf(to) });
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        onChange({ from: isoOf(draft.from), to: isoOf(draft.to) });
      }}
    >
      {(['from', 'to'] as const).map((side) => (
        <TextInput
          key={side}
          type="datetime-local"
          step={1}
          size="xs"
          mb={8}
          autoFocus={side === 'from'}
          label={t(side)}
          value={draft[side]}
          onChange={(event) => setDraft({ ...draft, [side]: event.target.value })}
        />
      ))}
      <Button type="submit">{t('apply')}</Button>
    </form>
  );
}

function localOf(iso: string | null): string {
  return iso ? iso.slice(0, 19) : '';
}

function isoOf(local: string): string | null {
  const time = Date.parse(`${local}Z`);
  return local && !Number.isNaN(time) ? new Date(time).toISOString() : null;
}
