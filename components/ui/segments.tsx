'use client';

import type { ReactNode } from 'react';
import classes from './ui.module.css';

interface Props<Value> {
  /** What is chosen, for a screen reader. */
  label: string;
  options: readonly { value: Value; words: ReactNode }[];
  /** One of the options; another value where none of them is chosen. */
  value: Value | null;
  onChange: (value: Value) => void;
}

/** One of a few options, as buttons beside each other. */
export function Segments<Value extends string | number | null>({
  label,
  options,
  value,
  onChange,
}: Props<Value>) {
  return (
    <div className={classes.segments} role="group" aria-label={label}>
      {options.map((option) => (
        <button
          key={option.value}
          type="button"
          aria-pressed={option.value === value}
          onClick={() => onChange(option.value)}
        >
          {option.words}
        </button>
      ))}
    </div>
  );
}
