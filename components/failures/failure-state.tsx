'use client';

import { IconCircleXFilled, IconRefresh } from '@tabler/icons-react';
import { useTranslations } from 'next-intl';
import type { FailureRow } from '@/lib/contract/failures';
import classes from './failures.module.css';

/** Whether a failure needs a person: some of it gave up, or all of it tries again by itself. */
export function FailureState({ failure }: { failure: Pick<FailureRow, 'gaveUp'> }) {
  const t = useTranslations('failures.state');
  const gaveUp = failure.gaveUp > 0;
  const Icon = gaveUp ? IconCircleXFilled : IconRefresh;
  return (
    <span className={classes.chip} data-gave-up={gaveUp}>
      <Icon size={13} aria-hidden /> {t(gaveUp ? 'gaveUp' : 'trying')}
    </span>
  );
}
