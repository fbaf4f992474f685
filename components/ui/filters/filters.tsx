'use client';

import { lazy } from '../lazy';
import { Filter } from './filter-chip';
import type { Span } from './filter-fields';
import { useFormat } from '../use-format';

/** Loads the fields of filters: only an opened filter needs them, and the list itself appears sooner without them. */
export const loadFields = () => import('./filter-fields');
const NameField = lazy(() => loadFields().then((fields) => fields.NameField));
const TextField = lazy(() => loadFields().then((fields) => fields.TextField));
const TimeField = lazy(() => loadFields().then((fields) => fields.TimeField));

interface Props {
  word: string;
  value: string | null;
  onChange: (value: string | null) => void;
}

/** Keeps what has one of some names. */
export function NameFilter({
  word,
  value,
  options,
  onChange,
}: Props & { options: { value: string; label: string }[] }) {
  return (
    <Filter
      word={word}
      value={options.find((option) => option.value === value)?.label ?? value}
      onClear={() => onChange(null)}
    >
      {(close) => (
        <NameField word={word} value={value} options={options} onChange={closing(onChange, close)} />
      )}
    </Filter>
  );
}

/** Names as choices, each under itself. */
export function optionsOf(names: string[] | undefined): { value: string; label: string }[] {
  return (names ?? []).map((name) => ({ value: name, label: name }));
}

/** Keeps what has a text. */
export function TextFilter({ word, value, onChange }: Props) {
  return (
    <Filter word={word} value={value} onClear={() => onChange(null)}>
      {(close) => <TextField word={word} value={value} onChange={closing(onChange, close)} />}
    </Filter>
  );
}

/** Keeps what is of a time. @param from as ISO 8601 @param last the last minutes, in words, where these are the time */
export function TimeFilter({
  word,
  from,
  to,
  last = null,
  onChange,
}: Span & { word: string; last?: string | null; onChange: (span: Span) => void }) {
  const format = useFormat();
  const side = (time: string | null) => (time ? format.time(time) : '…');
  return (
    <Filter
      word={word}
      value={from || to ? `${side(from)} – ${side(to)}` : last}
      onClear={() => onChange({ from: null, to: null })}
    >
      {(close) => <TimeField from={from} to={to} onChange={closing(onChange, close)} />}
    </Filter>
  );
}

function closing<Value>(onChange: (value: Value) => void, close: () => void) {
  return (value: Value) => {
    onChange(value);
    close();
  };
}
