'use client';

import { useTranslations } from 'next-intl';
import { Copy } from '@/components/ui/copy';
import { RecordPanel } from './record-panel';
import classes from './record.module.css';

/** The page of one record, found by its place. */
export function RecordPage(place: { topic: string; partition: string; offset: string }) {
  const t = useTranslations('topics.record');
  const text = `${place.topic}/${place.partition}/${place.offset}`;
  return (
    <section className="panel" aria-label={t('title', place)}>
      <h2 className={classes.title}>
        {t('title', place)} <Copy value={text} what={t('copy')} />
      </h2>
      <RecordPanel {...place} isPage />
    </section>
  );
}
