'use client';

import { useTranslations } from 'next-intl';
import { Link, useGo } from '@/components/page/link';
import { Bars } from '@/components/ui/charts/bars';
import { useFormat } from '@/components/ui/use-format';
import { useRowKeys } from '@/components/ui/table/use-row-keys';
import { failurePath } from '@/lib/contract/failure-path';
import type { FailureListRow } from '@/lib/contract/failures';
import { FailureState } from './failure-state';
import classes from './failures.module.css';

/**
 * Failures, a row each: what fails, where, for whom, how many, since when.
 * @param onRetry asks for the retry of a failure that is one message; null where the reader may not
 */
export function FailureTable({
  rows,
  onRetry,
}: {
  rows: FailureListRow[];
  onRetry: ((row: FailureListRow) => void) | null;
}) {
  const t = useTranslations('failures.column');
  const go = useGo();
  const at = useRowKeys(rows.length, { open: (row) => rows[row] && go(failurePath(rows[row])) });
  return (
    <table className={`${classes.table} phoneRows`}>
      <thead>
        <tr>
          <th>{t('state')}</th>
          <th>{t('error')}</th>
          <th>{t('group')}</th>
          <th className="num">{t('messages')}</th>
          <th>{t('trend')}</th>
          <th className="num">{t('seen')}</th>
          <th>{t('release')}</th>
        </tr>
      </thead>
      <tbody>
        {rows.map((row, index) => (
          <Row key={failurePath(row)} row={row} chosen={index === at} onRetry={onRetry} />
        ))}
      </tbody>
    </table>
  );
}

function Row({
  row,
  chosen,
  onRetry,
}: {
  row: FailureListRow;
  chosen: boolean;
  onRetry: ((row: FailureListRow) => void) | null;
}) {
  const t = useTranslations('failures');
  const format = useFormat();
  return (
    <tr data-chosen={chosen}>
      <td className={classes.state}>
        <FailureState failure={row} />
      </td>
      <td className={classes.error}>
        <Link href={failurePath(row)}>
          <b>{row.error ?? t('noError')}</b>
        </Link>{' '}
        <span className="soft">{row.message}</span>
        <div className={`${classes.second} ${classes.what}`}>
          {row.only ? (
            <>
              <Link href={`/messages/${row.only.id}`}>
                <code>{row.only.key ?? t('noKey')}</code>
              </Link>
              {onRetry ? (
                <button type="button" className="asLink" onClick={() => onRetry(row)}>
                  {t('retryOne')}
                </button>
              ) : null}
            </>
          ) : row.frame ? (
            <code>{[row.frame.what, row.frame.where].filter(Boolean).join(' · ')}</code>
          ) : null}
          <span>{row.type ?? t('noType')}</span>
        </div>
      </td>
      <td className={classes.group}>
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
      </td>
      <td className={`num ${classes.messages}`}>
        <b className={classes.bare}>{format.number(row.messages)}</b>
        <span className={classes.onPhone}>{t('messagesOf', { count: row.messages })}</span>
        <div className={classes.second}>{t('attempts', { count: row.attempts })}</div>
      </td>
      <td className={classes.trend}>
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
      </td>
      <td className={`num ${classes.seen}`}>
        <span title={format.stamp(row.firstAt)}>{format.time(row.firstAt)}</span>
        <div className={classes.second}>{format.time(row.lastAt)}</div>
      </td>
      <td className={classes.release}>
        {row.releases[0] ?? <span className="quiet">{t('noRelease')}</span>}
        <div className={classes.second}>{t('hosts', { count: row.hosts })}</div>
      </td>
    </tr>
  );
}
