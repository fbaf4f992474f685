'use client';

import { useTranslations } from 'next-intl';
import { parseAsString, useQueryState } from 'nuqs';
import { Link, useGo } from '@/components/page/link';
import { ListPage } from '@/components/page/list-page';
import { PageTabs } from '@/components/page/page-tabs';
import { Pager } from '@/components/page/pager';
import { State } from '@/components/ui/state';
import type { Column } from '@/components/ui/table/columns';
import { DataTable } from '@/components/ui/table/data-table';
import { useFormat } from '@/components/ui/use-format';
import { useRetries } from '@/lib/client/use-retries';
import { retryPath } from '@/lib/contract/paths';
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
  const columns = useColumns();
  const go = useGo();
  return (
    <ListPage
      title={t('title')}
      besideTitle={
        <PageTabs
          isBesideTitle
          label={t('title')}
          tabs={[
            { href: '/retries', words: t('running') },
            { href: '/retries/ended', words: t('ended') },
          ]}
        />
      }
      sentence={running.data ? t('sentence', { count: running.data.rows.length }) : null}
      query={query}
      loading={{ label: t('loading'), rows: 4 }}
    >
      {data && data.rows.length > 0 ? (
        <DataTable
          className={`${classes.table} ${classes.list}`}
          columns={columns}
          rows={data.rows}
          keyOf={(row) => row.id}
          onOpen={(row) => go(retryPath(row.id))}
        />
      ) : null}
      {data?.rows.length === 0 ? (
        <State
          title={t(ended ? 'noneEnded' : 'noneRunning')}
          action={<Link href="/failures">{t('toFailures')}</Link>}
        >
          {t('noneRunningHint')}
        </State>
      ) : null}
      <Pager
        isFirst={before === null}
        next={data?.next ?? null}
        onPage={(cursor) => void setBefore(cursor)}
      />
    </ListPage>
  );
}

function useColumns(): Column<RetryListRow>[] {
  const t = useTranslations('retryPage');
  const title = useTranslations('retryTitle');
  const words = useTranslations('outcome');
  const format = useFormat();
  return [
    {
      id: 'retry',
      title: t('column.retry'),
      cell: (row) => (
        <Link href={retryPath(row.id)}>
          <b>{title('of', { count: row.total, groups: format.list(row.groups) })}</b>
        </Link>
      ),
    },
    {
      id: 'operator',
      title: t('column.operator'),
      cell: (row) => t('askedBy', { operator: row.operator, time: format.time(row.createdAt) }),
    },
    {
      id: 'reason',
      title: t('column.reason'),
      className: 'soft',
      cell: (row) => row.reason,
    },
    {
      id: 'outcome',
      title: t('column.outcome'),
      cell: (row) => (
        <>
          <OutcomeBar states={row.states} thin />
          <span className="soft">
            {statesOf(row.states)
              .map(({ state, count }) => `${format.number(count)} ${words(state)}`)
              .join(' · ')}
          </span>
        </>
      ),
    },
  ];
}
