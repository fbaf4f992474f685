'use client';

import { Popover } from '@mantine/core';
import { IconChevronDown, IconX } from '@tabler/icons-react';
import { useTranslations } from 'next-intl';
import classes from './list.module.css';

/** A filter as a chip: its word, its value when it is in force, and a cross that takes it away. */
export function Chip({
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
