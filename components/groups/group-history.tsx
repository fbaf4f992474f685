'use client';

import { useTranslations } from 'next-intl';
import { HappenedList } from '@/components/episodes/happened-list';
import { Strip } from '@/components/episodes/strip';
import { useSpanChoice } from '@/components/episodes/use-span-choice';
import { Problem } from '@/components/page/problem';
import { Waiting } from '@/components/page/waiting';
import { Segments } from '@/components/ui/segments';
import { State } from '@/components/ui/state';
import classes from '@/components/episodes/episodes.module.css';
import { useEpisodes } from '@/lib/client/use-episodes';

const SPANS = ['hour', 'day', 'week'] as const;

/** What happened to a consumer group: its troubles, and what people and releases did to it. */
export function GroupHistory({ name }: { name: string }) {
  const t = useTranslations('episodes');
  const choice = useSpanChoice('day');
  const query = useEpisodes({ ...choice.query, group: name, small: true });
  const { data, error } = query;
  const span = t(`spanOf.${choice.span ?? 'chosen'}`);
  if (!data)
    return error ? <Problem error={error} /> : <Waiting query={query} rows={4} label={t('loading')} />;
  return (
    <>
      <div className={classes.spans}>
        <Segments
          label={t('spanLabel')}
          value={SPANS.find((item) => item === choice.span) ?? null}
          onChange={choice.setSpan}
          options={SPANS.map((value) => ({ value, words: t(`span.${value}`) }))}
        />
        <span className="soft">{t('historySentence', { count: data.counts.all, span })}</span>
      </div>
      <Strip data={data} lanes={['groups', 'acts']} />
      <div className="panel">
        {data.rows.length > 0 ? (
          <HappenedList rows={data.rows} of={data} />
        ) : (
          <State title={t('nothing', { span })}>{t('nothingHint')}</State>
        )}
      </div>
    </>
  );
}
