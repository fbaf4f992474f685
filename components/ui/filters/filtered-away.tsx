'use client';

import { Button } from '@mantine/core';
import { useTranslations } from 'next-intl';
import { hidesMost, type RowFilter } from './row-filter';
import { State } from '../state';

/** Shown where filters hide all rows: the count without them, the filter that hides most, and a button to clear them. */
export function FilteredAway<Row>({
  rows,
  filters,
  onClear,
}: {
  rows: Row[];
  filters: RowFilter<Row>[];
  onClear: () => void;
}) {
  const t = useTranslations('filter');
  const most = hidesMost(rows, filters);
  return (
    <State
      title={t('none')}
      action={
        <Button variant="default" onClick={onClear}>
          {t('clear')}
        </Button>
      }
    >
      {t('without', { count: rows.length })}{' '}
      {most ? (
        <Button variant="subtle" size="compact-xs" onClick={most.onClear}>
          {t('hidesMost', { filter: most.word })}
        </Button>
      ) : null}
    </State>
  );
}
