import { useTranslations } from 'next-intl';
import { Link } from '@/components/page/link';
import { Bars } from '@/components/ui/charts/bars';
import type { Column } from '@/components/ui/table/columns';
import { useFormat } from '@/components/ui/use-format';
import { failurePath, messagePath } from '@/lib/contract/paths';
import type { FailureListRow } from '@/lib/contract/failures';
import { FailureState } from './failure-state';
import classes from './failures.module.css';
import { visibleName } from '@/lib/values/visible-name';

/**
 * Columns of a list of failures: what fails, where, for whom, how many, since when.
 * @param onRetry asks for the retry of a failure that is one message; null where the reader may not
 */
export function useFailureColumns(onRetry: ((row: FailureListRow) => void) | null): Column<FailureListRow>[] {
  const t = useTranslations('failures');
  const format = useFormat();
  return [
    {
      id: 'state',
      title: t('column.state'),
      className: classes.state,
      exports: { gave_up: (row) => row.gaveUp },
      cell: (row) => <FailureState failure={row} />,
    },
    {
      id: 'error',
      title: t('column.error'),
      className: classes.error,
      exports: {
        error: (row) => row.error,
        error_message: (row) => row.message,
        type: (row) => row.type,
        own_frame: (row) => frameOf(row)?.replace(' · ', ' ') ?? null,
      },
      cell: (row) => <WhatFails row={row} onRetry={onRetry} />,
    },
    {
      id: 'group',
      title: t('column.group'),
      className: classes.group,
      exports: { group: (row) => row.group, topics: (row) => row.topics.join(' ') },
      cell: (row) => <Whom row={row} />,
    },
    {
      id: 'messages',
      title: t('column.messages'),
      className: classes.messages,
      isNumeric: true,
      exports: { messages: (row) => row.messages, attempts: (row) => row.attempts },
      cell: (row) => (
        <>
          <b className={classes.bare}>{format.number(row.messages)}</b>
          <span className={classes.onPhone}>{t('messagesOf', { count: row.messages })}</span>
          <div className={classes.second}>{t('attempts', { count: row.attempts })}</div>
        </>
      ),
    },
    {
      id: 'trend',
      title: t('column.trend'),
      className: classes.trend,
      priority: 2,
      cell: (row) => (
        <Bars
          stacks={[
            {
              counts: row.trend,
              tone: row.status === 'PUSH_FAIL' ? 'push-fail-fill' : 'handle-fail-fill',
            },
          ]}
          width={128}
          height={24}
          label={t('trendLabel', { count: row.trend.reduce((sum, count) => sum + count, 0) })}
        />
      ),
    },
    {
      id: 'seen',
      title: t('column.seen'),
      className: classes.seen,
      isNumeric: true,
      exports: { first_at: (row) => row.firstAt, last_at: (row) => row.lastAt },
      cell: (row) => (
        <>
          <span title={format.stamp(row.firstAt)}>{format.time(row.firstAt)}</span>
          <div className={classes.second}>{format.time(row.lastAt)}</div>
        </>
      ),
    },
    {
      id: 'release',
      title: t('column.release'),
      className: classes.release,
      priority: 2,
      exports: { releases: (row) => row.releases.join(' '), hosts: (row) => row.hosts },
      cell: (row) => (
        <>
          {row.releases[0] ?? <span className="quiet">{t('noRelease')}</span>}
          <div className={classes.second}>{t('hosts', { count: row.hosts })}</div>
        </>
      ),
    },
  ];
}

/** The group, and on which topics or in which other groups the same fails. */
function Whom({ row }: { row: FailureListRow }) {
  const t = useTranslations('failures');
  const format = useFormat();
  return (
    <>
      {row.group}
      <span className={classes.onPhone}> {t('since', { time: format.time(row.firstAt) })}</span>
      <div className={classes.second}>
        {row.alsoIn.length === 0 ? (
          format.list(row.topics)
        ) : row.error === null ? (
          t('alsoIn', { groups: format.list(row.alsoIn) })
        ) : (
          <Link href={`/failures?name=${encodeURIComponent(row.error)}`}>
            {t('alsoIn', { groups: format.list(row.alsoIn) })}
          </Link>
        )}
      </div>
    </>
  );
}

function frameOf({ frame }: FailureListRow): string | null {
  return frame ? [frame.what, frame.where].filter(Boolean).join(' · ') : null;
}

/** The error, and the message where it is one alone, else where in the code it is thrown. */
function WhatFails({
  row,
  onRetry,
}: {
  row: FailureListRow;
  onRetry: ((row: FailureListRow) => void) | null;
}) {
  const t = useTranslations('failures');
  return (
    <>
      <Link href={failurePath(row)}>
        <b>{row.error === null ? t('noError') : visibleName(row.error)}</b>
      </Link>{' '}
      <span className="soft">{row.message}</span>
      <div className={`${classes.second} ${classes.what}`}>
        {row.only ? (
          <>
            <Link href={messagePath(row.only.id)}>
              <code>{row.only.key ?? t('noKey')}</code>
            </Link>
            {onRetry ? (
              <button type="button" className="asLink" onClick={() => onRetry(row)}>
                {t('retryOne')}
              </button>
            ) : null}
          </>
        ) : row.frame ? (
          <code>{frameOf(row)}</code>
        ) : null}
        <span>{row.type ?? t('noType')}</span>
      </div>
    </>
  );
}
