'use client';

import { Button } from '@mantine/core';
import { useTranslations } from 'next-intl';
import { useState } from 'react';
import { PressMenu } from '@/components/ui/press-menu';
import classes from './list.module.css';
import { RetryManyDialog } from '@/components/retries/retry-many-dialog';

/**
 * What one can do with the messages that are selected. A retry is for one group: the group that the list is of, or one
 * that has not handled all of them.
 */
export function BulkBar({
  ids,
  groups,
  onClear,
}: {
  ids: readonly string[];
  /** Groups that may be given the messages again. */
  groups: readonly string[];
  onClear: () => void;
}) {
  const t = useTranslations('messages.bulk');
  const [group, setGroup] = useState<string | null>(null);
  const [only, ...others] = groups;
  return (
    <div className={classes.bulk} role="region" aria-label={t('label')}>
      <b>{t('selected', { count: ids.length })}</b>
      {only === undefined ? <span className="quiet">{t('nothingFails')}</span> : null}
      {only !== undefined && others.length === 0 ? (
        <Button onClick={() => setGroup(only)}>{t('retryTo', { group: only })}</Button>
      ) : null}
      {others.length > 0 ? (
        <PressMenu
          entries={groups.map((item) => ({
            key: item,
            label: t('retryTo', { group: item }),
            onPress: () => setGroup(item),
          }))}
        >
          <Button>{t('retry')}</Button>
        </PressMenu>
      ) : null}
      <Button variant="subtle" onClick={onClear}>
        {t('clear')}
      </Button>
      {group === null ? null : (
        <RetryManyDialog selected={{ group, messageIds: [...ids] }} onClose={() => setGroup(null)} />
      )}
    </div>
  );
}
