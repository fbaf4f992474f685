'use client';

import { Button } from '@mantine/core';
import { useTranslations } from 'next-intl';
import classes from './list-page.module.css';

/**
 * Leads to the next page of a list, older, and back to its first.
 * @param isFirst whether the first page is shown
 * @param next cursor of the next page; null at the end
 */
export function Pager({
  isFirst,
  next,
  onPage,
}: {
  isFirst: boolean;
  next: string | null;
  onPage: (cursor: string | null) => void;
}) {
  const t = useTranslations('common');
  if (isFirst && next === null) return null;
  return (
    <div className={classes.pages}>
      {isFirst ? null : (
        <Button variant="subtle" onClick={() => onPage(null)}>
          {t('newest')}
        </Button>
      )}
      {next === null ? null : (
        <Button variant="subtle" onClick={() => onPage(next)}>
          {t('older')}
        </Button>
      )}
    </div>
  );
}
