'use client';

import { useTranslations } from 'next-intl';
import { Link, useGo } from '@/components/page/link';
import type { Column } from '@/components/ui/table/columns';
import { DataTable } from '@/components/ui/table/data-table';
import { useFormat } from '@/components/ui/use-format';
import { messagePath } from '@/lib/contract/paths';
import type { BrowsedRecord } from '@/lib/contract/topics';
import { shortId } from '@/lib/protocol/uuid';
import classes from './topics.module.css';

/** Records as they stand on the broker, newest first. */
export function BrowseTable({ topic, records }: { topic: string; records: BrowsedRecord[] }) {
  const columns = useColumns();
  const go = useGo();
  return (
    <div className={classes.scroll} tabIndex={0} role="region" aria-label={topic}>
      <DataTable
        className={`${classes.table} ${classes.records}`}
        columns={columns}
        rows={records}
        keyOf={(record) => `${record.partition}/${record.offset}`}
        onOpen={(record) => go(messagePath(record.messageId))}
      />
    </div>
  );
}

function useColumns(): Column<BrowsedRecord>[] {
  const t = useTranslations('topics.browse');
  const format = useFormat();
  return [
    {
      id: 'time',
      title: t('column.time'),
      cell: (record) => <span title={format.stamp(record.at)}>{format.time(record.at, true)}</span>,
    },
    {
      id: 'place',
      title: t('column.place'),
      isNumeric: true,
      cell: (record) => (
        <code>
          {record.partition}/{record.offset}
        </code>
      ),
    },
    { id: 'key', title: t('column.key'), cell: (record) => <code>{record.key ?? '–'}</code> },
    {
      id: 'type',
      title: t('column.type'),
      className: classes.optional,
      cell: (record) => record.type ?? '–',
    },
    {
      id: 'headers',
      title: t('column.headers'),
      className: classes.optional,
      cell: ({ headers }) => (
        <details className={classes.foldedHeaders}>
          <summary>{t('headers', { count: headers.length })}</summary>
          {headers.map((header, index) => (
            <div key={index}>
              {header.name}: {header.text}
            </div>
          ))}
        </details>
      ),
    },
    {
      id: 'size',
      title: t('column.size'),
      className: classes.optional,
      isNumeric: true,
      cell: (record) => (record.size === null ? t('tombstone') : format.bytes(record.size)),
    },
    {
      id: 'message',
      title: t('column.message'),
      isNumeric: true,
      cell: ({ messageId }) => (
        <Link href={messagePath(messageId)} className="mono" aria-label={`${t('openMessage')} ${messageId}`}>
          {shortId(messageId)}
        </Link>
      ),
    },
  ];
}
