'use client';

import { useTranslations } from 'next-intl';
import { lazy } from '@/components/ui/lazy';
import { Link, useGo } from '@/components/page/link';
import { ListActions } from '@/components/page/list-actions';
import { ListPage } from '@/components/page/list-page';
import { FilteredAway } from '@/components/ui/filters/filtered-away';
import { Skeletons, State } from '@/components/ui/state';
import { useFormat } from '@/components/ui/use-format';
import { useFailures } from '@/lib/client/use-failures';
import { useOverview } from '@/lib/client/use-overview';
import { exportsOf } from '@/components/ui/table/columns';
import { DataTable } from '@/components/ui/table/data-table';
import { failurePath } from '@/lib/contract/paths';
import { useFailureColumns } from './failure-columns';
import { FailureTabs } from './failure-tabs';
import classes from './failures.module.css';
import { useFailureFilter } from './use-failure-filter';
import { useRetryOne } from './use-retry-one';

// Come while the failures are read; the page itself is there sooner without them.
const Began = lazy(() => import('./began').then((module) => module.Began));
const FailureFilters = lazy(() => import('./failure-filters').then((module) => module.FailureFilters));

/** What fails now, by group, message type and error: what gave up first. */
export function FailureListPage() {
  const t = useTranslations('failures');
  const query = useFailures();
  const { data } = query;
  const rows = data?.rows ?? [];
  const { filter, setFilter, filters, shown, ofAnyTime } = useFailureFilter(rows);
  const retry = useRetryOne();
  const isNarrowed = shown.length < rows.length;
  const columns = useFailureColumns(data?.can.retry.allowed ? retry.ask : null);
  const go = useGo();
  return (
    <>
      <ListPage
        title={t('title')}
        sentence={
          rows.length > 0
            ? t('sentence', {
                gaveUp: rows.filter((row) => row.gaveUp > 0).length,
                count: rows.length,
                messages: rows.reduce((sum, row) => sum + row.messages, 0),
              })
            : null
        }
        actions={<ListActions name="failures" rows={() => shown} cells={exportsOf(columns)} />}
        tabs={<FailureTabs />}
        query={query}
        loading={{ label: t('loading'), rows: 6 }}
        filters={
          rows.length > 0 ? <FailureFilters rows={rows} filter={filter} setFilter={setFilter} /> : null
        }
        foot={
          rows.length > 0 ? (
            <>
              {isNarrowed ? `${t('shown', { shown: shown.length, count: rows.length })} ` : null}
              {t('foot')}
            </>
          ) : null
        }
      >
        {data && rows.length > 0 ? (
          <Began
            rows={ofAnyTime}
            axis={{ from: data.trendFrom, stepSeconds: data.trendStepSeconds }}
            from={filter.from}
            to={filter.to}
            onBrush={(from, to) => void setFilter({ from, to })}
          />
        ) : null}
        {shown.length > 0 ? (
          <DataTable
            className={classes.table}
            columns={columns}
            rows={shown}
            keyOf={failurePath}
            onOpen={(row) => go(failurePath(row))}
          />
        ) : null}
        {data && rows.length === 0 ? <NothingFails /> : null}
        {shown.length === 0 && rows.length > 0 ? (
          <FilteredAway rows={rows} filters={filters} onClear={() => void setFilter(null)} />
        ) : null}
      </ListPage>
      {retry.dialog}
    </>
  );
}

/** States that nothing fails. While Courier can't see everything, it names what is not seen instead. */
function NothingFails() {
  const t = useTranslations('failures');
  const format = useFormat();
  const { data } = useOverview();
  if (!data) return <Skeletons rows={2} label={t('loading')} />;
  if (data.blind) {
    const unseen = data.needs.filter(({ kind }) => kind === 'blind' || kind === 'silent');
    return (
      <State title={t('blind')} action={<Link href="/overview">{t('toOverview')}</Link>}>
        {t('blindHint', {
          unseen: format.list([
            ...unseen.map(({ kind, subject, since }) =>
              t(`unseen.${kind === 'blind' ? 'blind' : 'silent'}`, {
                subject,
                time:
                  since === null
                    ? 'none'
                    : format.duration((Date.parse(data.at) - Date.parse(since)) / 1_000),
              }),
            ),
            ...(data.unmeasured > 0 ? [t('unseen.groups', { count: data.unmeasured })] : []),
          ]),
        })}
      </State>
    );
  }
  if (data.groups === 0 && data.topics === 0)
    return <State title={t('nothingYet')}>{t('nothingYetHint')}</State>;
  const last = data.healed.toSorted((a, b) => (a.to < b.to ? 1 : -1))[0];
  return (
    <State title={t('none')}>
      {last ? (
        <p>
          {t('last', { error: last.error ?? t('noError'), group: last.group, time: format.time(last.to) })}
        </p>
      ) : null}
      {t('noneHint', {
        groups: data.groups,
        topics: data.topics,
        late: data.lateSeconds === null ? 'none' : format.duration(data.lateSeconds),
      })}
    </State>
  );
}
