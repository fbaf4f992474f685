'use client';

import { useTranslations } from 'next-intl';
import { IconChevronRight } from '@tabler/icons-react';
import { useState } from 'react';
import { Link } from '@/components/page/link';
import { lazy } from '@/components/ui/lazy';
import type { Column } from '@/components/ui/table/columns';
import { DataTable } from '@/components/ui/table/data-table';
import { useFormat } from '@/components/ui/use-format';
import { messagePath } from '@/lib/contract/paths';
import type { BrowsedRecord } from '@/lib/contract/topics';
import { shortId } from '@/lib/protocol/uuid';
import classes from './topics.module.css';

// What a record holds is asked for when it is unfolded.
const RecordPanel = lazy(() => import('./record-panel').then((module) => module.RecordPanel));

/** Records as the broker stores them, newest first. */
export function BrowseTable({ topic, records }: { topic: string; records: BrowsedRecord[] }) {
  const [opened, setOpened] = useState<ReadonlySet<string>>(new Set());
  const toggle = (record: BrowsedRecord) => {
    const next = new Set(opened);
    if (!next.delete(keyOf(record))) next.add(keyOf(record));
    setOpened(next);
  };
  const columns = useColumns(opened, toggle);
  return (
    <div className={classes.scroll} tabIndex={0} role="region" aria-label={topic}>
      <DataTable
        className={`${classes.table} ${classes.records}`}
        columns={columns}
        rows={records}
        keyOf={keyOf}
        onOpen={toggle}
        detail={(record) =>
          opened.has(keyOf(record)) ? (
            <RecordPanel topic={topic} partition={record.partition} offset={record.offset} />
          ) : null
        }
      />
    </div>
  );
}

const keyOf = ({ partition, offset }: BrowsedRecord) => `${partition}/${offset}`;

function useColumns(
  opened: ReadonlySet<string>,
  toggle: (record: BrowsedRecord) => void,
): Column<BrowsedRecord>[] {
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
        <button
          type="button"
          className={classes.unfold}
          aria-expanded={opened.has(keyOf(record))}
          aria-label={t('unfold', { place: keyOf(record) })}
          onClick={() => toggle(record)}
        >
          <IconChevronRight size={14} aria-hidden />
          <code>{keyOf(record)}</code>
        </button>
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
      cell: ({ messageId }) =>
        messageId === null ? (
          '–'
        ) : (
          <Link
            href={messagePath(messageId)}
            className="mono"
            aria-label={`${t('openMessage')} ${messageId}`}
          >
            {shortId(messageId)}
          </Link>
        ),
    },
  ];
}
