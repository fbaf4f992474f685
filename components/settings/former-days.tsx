'use client';

import { Button } from '@mantine/core';
import { useTranslations } from 'next-intl';
import { Problem } from '@/components/page/problem';
import { useFormat } from '@/components/ui/use-format';
import { usePauseMove } from '@/lib/client/use-settings';
import type { FormerDaysView } from '@/lib/contract/settings';
import classes from './settings.module.css';

/** Progress of the move of earlier releases' data, and a button that pauses it. */
export function FormerDays({ move }: { move: FormerDaysView }) {
  const t = useTranslations('settings.formerDays');
  const format = useFormat();
  const pause = usePauseMove();
  const { moved, left, days, perSecond, endsAt, isPaused, can } = move;
  return (
    <section className="panel" aria-labelledby="former-days">
      <h2 id="former-days">{t('title')}</h2>
      <progress
        className={classes.progress}
        max={moved + left || 1}
        value={moved}
        aria-labelledby="former-days"
      />
      <p className={classes.note}>
        {t('progress', { moved, left, days })}{' '}
        {isPaused ? <b>{t('paused')}</b> : perSecond > 0 ? t('rate', { rate: perSecond }) : t('waiting')}
        {endsAt ? ` · ${t('end', { time: format.stamp(endsAt) })}` : null}
      </p>
      <p className={classes.note}>{t('hint')}</p>
      {pause.error ? <Problem error={pause.error} /> : null}
      {can.pause.allowed ? (
        <Button variant="default" loading={pause.isPending} onClick={() => pause.mutate(!isPaused)}>
          {isPaused ? t('resume') : t('pause')}
        </Button>
      ) : null}
    </section>
  );
}
