'use client';

import { TextInput } from '@mantine/core';
import { IconFilter } from '@tabler/icons-react';
import { useTranslations } from 'next-intl';
import type { ReactNode } from 'react';
import { useFormat } from '../use-format';
import { Segments } from '../segments';
import classes from '../ui.module.css';

export interface Segment<Value extends string> {
  value: Value;
  words: string;
  count: number;
}

/** Keeps the rows of a list that have one state and whose names hold a text. What is chosen belongs into the address. */
export function ListFilter<Value extends string>({
  label,
  name,
  onName,
  total,
  segments = [],
  chosen = null,
  onChoose,
  children,
}: {
  /** What the text is compared with. */
  label: string;
  name: string;
  onName: (name: string | null) => void;
  total: number;
  /** States that there are; those without a row are left out. */
  segments?: Segment<Value>[];
  chosen?: Value | null;
  onChoose?: (value: Value | null) => void;
  children?: ReactNode;
}) {
  const t = useTranslations('filter');
  const format = useFormat();
  const shown = segments.filter(({ value, count }) => count > 0 || value === chosen);
  return (
    <div className={classes.filter}>
      {onChoose && shown.length > 0 ? (
        <Segments
          label={t('state')}
          value={chosen}
          onChange={(value: Value | null) => onChoose(chosen === value ? null : value)}
          options={[{ value: null, words: t('all'), count: total }, ...shown].map(
            ({ value, words, count }) => ({
              value,
              words: (
                <>
                  {words} <span>{format.number(count)}</span>
                </>
              ),
            }),
          )}
        />
      ) : null}
      <TextInput
        size="xs"
        type="search"
        aria-label={label}
        placeholder={label}
        leftSection={<IconFilter size={14} aria-hidden />}
        value={name}
        maxLength={255}
        onChange={(event) => onName(event.target.value || null)}
      />
      {children}
    </div>
  );
}
