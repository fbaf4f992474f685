'use client';

import { IconAlertTriangle } from '@tabler/icons-react';
import { useTranslations } from 'next-intl';
import { useFormat } from '@/components/ui/use-format';
import type { UnreadTarget } from '@/lib/contract/retries';
import classes from './retries.module.css';

/** Warns, before anything is sent, about target topics that no group reads. */
export function UnreadLines({ unread }: { unread: UnreadTarget[] }) {
  const t = useTranslations('retries');
  const format = useFormat();
  return unread.map(({ topic, since }) => (
    <li key={topic}>
      <IconAlertTriangle size={16} aria-hidden className={classes.warned} />
      <span>
        {t.rich('unread', {
          topic,
          since: since === null ? 'none' : format.time(since),
          code: (chunks) => <code>{chunks}</code>,
        })}
      </span>
    </li>
  ));
}
