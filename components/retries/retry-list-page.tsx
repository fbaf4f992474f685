'use client';

import { Button } from '@mantine/core';
import { useTranslations } from 'next-intl';
import { parseAsString, useQueryState } from 'nuqs';
import { Link } from '@/components/page/link';
import { PageTabs } from '@/components/page/page-tabs';
import { Stale } from '@/components/page/stale';
import { Waiting } from '@/components/page/waiting';
import { State } from '@/components/ui/state';
import { useFormat } from '@/components/ui/use-format';
import { useRetries } from '@/lib/client/use-retries';
import type { RetryListRow } from '@/lib/contract/retries';
import { OutcomeBar, statesOf } from '@/components/status/outcome-bar';
import classes from './outcomes.module.css';

/** Retries that run, or those that ended, with what became of their messages. */
export function RetryListPage({ ended }: { ended: boolean }) {
  const t = useTranslations('retryPage');
  const [before, setBefore] = useQueryState('before', parseAsString.withOptions({ history: 'push' }));
  const query = useRetries(!ended, before);
  const { data } = query;
  const running = useRetries(true, null);
  return (
    <>
      <div className={classes.head}>
        <h1>{t('title')}</h1>
        <PageTabs
          isBesideTitle
          label={t('title')}
          tabs={[
            { href: '/retries', words: t('running') },
            { href: '/retries/ended', words: t('ended') },
          ]}
        />
        <span className="soft">
          {running.data ? t('sentence', { count: running.data.rows.length }) : null}
        </span>
      </div>
      <Stale query={query} />
      <div className="panel">
        {query.isPending ? <Waiting query={query} rows={4} label={t('loading')} /> : null}
        {data && data.rows.length > 0 ? <Table rows={data.rows} /> : null}
        {data?.rows.length === 0 ? (
          <State
            title={t(ended ? 'noneEnded' : 'noneRunning')}
            action={<Link href="/failures">{t('toFailures')}</Link>}
          >
            {t('noneRunningHint')}
          </State>
        ) : null}
        {before || data?.next ? (
          <div className={classes.pages}>
            {before ? (
              <Button variant="subtle" onClick={() => void setBefore(null)}>
                {t('newest')}
              </Button>
            ) : null}
            {data?.next ? (
              <Button variant="subtle" onClick={() => void setBefore(data.next)}>
                {t('older')}
              </Button>
            ) : null}
          </div>
        ) : null}
      </div>
    </>
  );
}

function Table({ rows }: { rows: RetryListRow[] }) {
  const t = useTranslations('retryPage');
  return (
    <table className={`${classes.table} ${classes.list} phoneRows`}>
      <thead>
        <tr>
          <th>{t('column.retry')}</th>
          <th>{t('column.operator')}</th>
          <th>{t('column.reason')}</th>
          <th>{t('column.outcome')}</th>
        </tr>
      </thead>
      <tbody>
        {rows.map((row) => (
          <Row key={row.id} row={row} />
        ))}
      </tbody>
    </table>
  );
}

function Row({ row }: { row: RetryListRow }) {
  const t = useTranslations('retryPage');
  const title = useTranslations('retryTitle');
  const words = useTranslations('outcome');
  const format = useFormat();
  return (
    <tr>
      <td>
        <Link href={`/retries/${row.id}`}>
          <b>{title('of', { count: row.total, groups: format.list(row.groups) })}</b>
        </Link>
      </td>
      <td>{t('askedBy', { operator: row.operator, time: format.time(row.createdAt) })}</td>
      <td className="soft">{row.reason}</td>
      <td>
        <OutcomeBar states={row.states} thin />
        <span className="soft">
          {statesOf(row.states)
            .map(({ state, count }) => `${format.number(count)} ${words(state)}`)
            .join(' · ')}
        </span>
      </td>
    </tr>
  );
}
