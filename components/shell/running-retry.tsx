'use client';

import { IconChevronRight } from '@tabler/icons-react';
import { useTranslations } from 'next-intl';
import { OutcomeBar } from '@/components/status/outcome-bar';
import { useFormat } from '@/components/ui/use-format';
import { useRetries } from '@/lib/client/use-retries';
import { Link } from '@/components/page/link';
import classes from './shell.module.css';

/** The retry that runs, on every page: how far it is, and the way to it. Of several, how many there are. */
export function RunningRetry() {
  const t = useTranslations('retryTitle');
  const format = useFormat();
  const { data } = useRetries(true, null);
  const [first, ...others] = data?.rows ?? [];
  if (!first) return null;
  return (
    <Link
      href={others.length === 0 ? `/retries/${first.id}` : '/retries'}
      className={`${classes.running} runningRetry`}
    >
      <span>
        {others.length === 0
          ? t('of', { count: first.total, groups: format.list(first.groups) })
          : t('several', { count: others.length + 1 })}
      </span>
      <OutcomeBar states={first.states} thin />
      <IconChevronRight size={14} aria-hidden />
    </Link>
  );
}
