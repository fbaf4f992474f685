'use client';

import { Button } from '@mantine/core';
import { useTranslations } from 'next-intl';
import { HeaderText } from '@/components/messages/header-text';
import { Value } from '@/components/messages/value';
import { Link } from '@/components/page/link';
import { Problem } from '@/components/page/problem';
import { Skeletons } from '@/components/ui/state';
import { useFormat } from '@/components/ui/use-format';
import { useRecord } from '@/lib/client/use-topics';
import type { RecordView } from '@/lib/contract/messages';
import { messagePath, recordPath } from '@/lib/contract/paths';
import classes from './record.module.css';

/** One record by its place: its value, its key and headers, and the message that is stored for it. */
export function RecordPanel({
  topic,
  partition,
  offset,
  isPage = false,
}: {
  topic: string;
  partition: number | string;
  offset: string;
  /** Whether it is a page of its own, which needs no link to itself. */
  isPage?: boolean;
}) {
  const t = useTranslations('topics.record');
  const { data, error } = useRecord(topic, partition, offset);
  if (error) return <div className={classes.note}>{<Problem error={error} />}</div>;
  if (!data) return <Skeletons rows={4} label={t('loading')} />;
  if (!data.record) return <Absent view={data} />;
  return (
    <div className={classes.panel}>
      <div className={classes.value}>
        <Value value={data.record.value} />
      </div>
      <Side view={data} record={data.record} isPage={isPage} />
    </div>
  );
}

function Side({
  view,
  record,
  isPage,
}: {
  view: RecordView;
  record: NonNullable<RecordView['record']>;
  isPage: boolean;
}) {
  const t = useTranslations('topics.record');
  const payload = useTranslations('payload');
  const format = useFormat();
  const { topic, partition, offset } = view;
  return (
    <div className={classes.side}>
      <dl>
        <dt>{t('key')}</dt>
        <dd>{record.key ? <HeaderText header={record.key} /> : <span className="quiet">null</span>}</dd>
        <dt>{t('time')}</dt>
        <dd>{format.stamp(record.at)}</dd>
        <dt>{t('value')}</dt>
        <dd>
          {payload(`state.${record.value.state}`)} · {format.bytes(record.value.size)}
          {record.compression === 'none' ? null : ` · ${record.compression}`}
        </dd>
      </dl>
      <h2>{t('headers', { count: record.headers.length })}</h2>
      <dl>
        {record.headers.map((header, index) => (
          <div key={index}>
            <dt>
              <code>{header.name === '' ? t('noName') : header.name}</code>
            </dt>
            <dd>
              <HeaderText header={header} />
            </dd>
          </div>
        ))}
      </dl>
      <p className={classes.actions}>
        {record.messageId ? (
          <Button component={Link} href={messagePath(record.messageId)} size="xs">
            {t('openMessage')}
          </Button>
        ) : (
          <span className="quiet">{t('notStored')}</span>
        )}
        {isPage ? null : <Link href={recordPath(topic, partition, offset)}>{t('open')}</Link>}
      </p>
    </div>
  );
}

/** Why there is no record, and where the next one is. */
function Absent({ view }: { view: RecordView }) {
  const t = useTranslations('topics.record');
  const unread = useTranslations('topics.unread');
  const { topic, partition, absent, log, nextOffset } = view;
  const range = { start: log?.start ?? '', end: log?.end ?? '' };
  return (
    <p className={classes.note} role="status">
      {absent === 'no_leader' || absent === 'unreachable' || absent === 'refused' || absent === 'unreadable'
        ? `${unread(absent)}.`
        : t(`absent.${absent ?? 'no_record'}`, range)}{' '}
      {nextOffset === null ? null : (
        <Link href={recordPath(topic, partition, nextOffset)}>{t('next', { offset: nextOffset })}</Link>
      )}
    </p>
  );
}
