'use client';

import { topicPath } from '@/lib/contract/paths';
import { useTranslations } from 'next-intl';
import { Link } from '@/components/page/link';
import { State } from '@/components/ui/state';
import { useFormat } from '@/components/ui/use-format';
import { useTopics } from '@/lib/client/use-topics';
import classes from './settings.module.css';

/** Of which topics the records are read, so that also messages that no service reports are found. */
export function Indexing() {
  const t = useTranslations('settings.indexing');
  const format = useFormat();
  const { data } = useTopics(false);
  if (!data) return null;
  if (data.rows.length === 0)
    return (
      <section className="panel">
        <State title={t('none')} />
      </section>
    );
  const rows = data.rows.toSorted((a, b) => Number(a.indexed) - Number(b.indexed));
  return (
    <section className="panel">
      <div className="panelHead">
        <h2>
          {t('sentence', {
            indexed: rows.filter((row) => row.indexed).length,
            not: rows.filter((row) => !row.indexed).length,
          })}
        </h2>
      </div>
      <ul className={classes.list}>
        {rows.map((row) => (
          <li key={row.name} data-bad={!row.indexed}>
            <Link href={`${topicPath(row.name)}/settings`}>{row.name}</Link>
            <span>
              {row.indexed
                ? t('yes', { since: row.indexedSince ? format.day(row.indexedSince) : 'none' })
                : t('no')}
              {row.records === null ? null : (
                <span className="quiet"> · {t('records', { count: format.number(row.records) })}</span>
              )}
            </span>
          </li>
        ))}
      </ul>
      <p className={classes.note}>{t('hint')}</p>
    </section>
  );
}
