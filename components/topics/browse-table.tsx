'use client';

import { useTranslations } from 'next-intl';
import { Link } from '@/components/page/link';
import { useFormat } from '@/components/ui/use-format';
import { shortId } from '@/lib/protocol/uuid';
import type { BrowsedRecord } from '@/lib/contract/topics';
import classes from './topics.module.css';

/** Records as they stand on the broker, newest first. */
export function BrowseTable({ topic, records }: { topic: string; records: BrowsedRecord[] }) {
  const t = useTranslations('topics.browse');
  const format = useFormat();
  return (
    <div className={classes.scroll} tabIndex={0} role="region" aria-label={topic}>
      <table className={`${classes.table} ${classes.records} phoneRows`}>
        <thead>
          <tr>
            <th>{t('column.time')}</th>
            <th className="num">{t('column.place')}</th>
            <th>{t('column.key')}</th>
            <th className={classes.optional}>{t('column.type')}</th>
            <th className={classes.optional}>{t('column.headers')}</th>
            <th className={`num ${classes.optional}`}>{t('column.size')}</th>
            <th className="num">{t('column.message')}</th>
          </tr>
        </thead>
        <tbody>
          {records.map((record) => (
            <tr key={`${record.partition}/${record.offset}`}>
              <td title={format.stamp(record.at)}>{format.time(record.at, true)}</td>
              <td className="num">
                <code>
                  {record.partition}/{record.offset}
                </code>
              </td>
              <td>
                <code>{record.key ?? '–'}</code>
              </td>
              <td className={classes.optional}>{record.type ?? '–'}</td>
              <td className={classes.optional}>
                <details className={classes.foldedHeaders}>
                  <summary>{t('headers', { count: record.headers.length })}</summary>
                  {record.headers.map((header, at) => (
                    <div key={at}>
                      {header.name}: {header.text}
                    </div>
                  ))}
                </details>
              </td>
              <td className={`num ${classes.optional}`}>
                {record.size === null ? t('tombstone') : format.bytes(record.size)}
              </td>
              <td className="num">
                <Link
                  href={`/messages/${record.messageId}`}
                  className="mono"
                  aria-label={`${t('openMessage')} ${record.messageId}`}
                >
                  {shortId(record.messageId)}
                </Link>
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
