'use client';

import { useTranslations } from 'next-intl';
import { useFailureColumns } from '@/components/failures/failure-columns';
import classes from '@/components/failures/failures.module.css';
import { useRetryOne } from '@/components/failures/use-retry-one';
import { useGo } from '@/components/page/link';
import { Waiting } from '@/components/page/waiting';
import { State } from '@/components/ui/state';
import { DataTable } from '@/components/ui/table/data-table';
import { useFailures } from '@/lib/client/use-failures';
import { failurePath } from '@/lib/contract/paths';

/** What a consumer group fails on now. */
export function GroupFailures({ name }: { name: string }) {
  const t = useTranslations('groups');
  const query = useFailures();
  const retry = useRetryOne();
  const columns = useFailureColumns(query.data?.can.retry.allowed ? retry.ask : null);
  const go = useGo();
  const rows = query.data?.rows.filter((row) => row.group === name) ?? [];
  return (
    <div className="panel">
      {query.isPending ? <Waiting query={query} rows={4} label={t('loading')} /> : null}
      {rows.length > 0 ? (
        <DataTable
          className={classes.table}
          columns={columns}
          rows={rows}
          keyOf={failurePath}
          onOpen={(row) => go(failurePath(row))}
        />
      ) : null}
      {query.data && rows.length === 0 ? <State title={t('noFailures', { name })} /> : null}
      {retry.dialog}
    </div>
  );
}
