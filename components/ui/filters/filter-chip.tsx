'use client';

import { Popover } from '@mantine/core';
import { IconChevronDown, IconFilter, IconX } from '@tabler/icons-react';
import { useTranslations } from 'next-intl';
import { useState, type ReactNode } from 'react';
import classes from './filter.module.css';

/** Filters beside each other; on the phone one button unfolds those not in force. */
export function Filters({ children }: { children: ReactNode }) {
  const t = useTranslations('filter');
  const [isOpen, setOpen] = useState(false);
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
      {children}
    </div>
  );
}

/** A filter as a chip: its word, its value when it is in force, a cross that takes it away, and what opens under it. */
export function Filter({
  word,
  value,
  onClear,
  children,
}: {
  word: string;
  value: string | null;
  onClear: () => void;
  /** What it is chosen with; without, the filter can only be taken away. */
  children?: (close: () => void) => ReactNode;
}) {
  const t = useTranslations('filter');
  const [open, setOpen] = useState(false);
  return (
    <Popover position="bottom-start" shadow="md" opened={open} onChange={setOpen} trapFocus>
      <span className={classes.chip} data-active={value !== null}>
        <Popover.Target>
          <button type="button" onClick={children ? () => setOpen(!open) : undefined}>
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
      {children ? <Popover.Dropdown>{children(() => setOpen(false))}</Popover.Dropdown> : null}
    </Popover>
  );
}
