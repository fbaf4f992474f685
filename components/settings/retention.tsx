'use client';

import { useTranslations } from 'next-intl';
import { useFormat } from '@/components/ui/use-format';
import { useSettings } from '@/lib/client/use-settings';
import { FormerDays } from './former-days';
import classes from './settings.module.css';

/** How long what is known is kept. */
export function Retention() {
  const t = useTranslations('settings.retention');
  const format = useFormat();
  const { data } = useSettings();
  if (!data) return null;
  const { days, bodyDays, sampleSeconds } = data.retention;
  return (
    <>
      <section className="panel">
        <ul className={classes.list}>
          <li>
            <b>{t('messages')}</b> <span>{t('days', { count: days })}</span>
            <code className="quiet">COURIER_RETENTION_DAYS</code>
          </li>
          <li>
            <b>{t('bodies')}</b> <span>{t('days', { count: bodyDays })}</span>
            <code className="quiet">COURIER_BODY_RETENTION_DAYS</code>
          </li>
          <li>
            <b>{t('lag')}</b> <span>{t('every', { time: format.duration(sampleSeconds) })}</span>
            <code className="quiet">COURIER_SAMPLE_SECONDS</code>
          </li>
        </ul>
        <p className={classes.note}>{t('hint')}</p>
      </section>
      {data.formerDays ? <FormerDays move={data.formerDays} /> : null}
    </>
  );
}
