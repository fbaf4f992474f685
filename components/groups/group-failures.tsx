'use client';

import { useTranslations } from 'next-intl';
import { FailureTable } from '@/components/failures/failure-table';
import { useRetryOne } from '@/components/failures/use-retry-one';
import { Waiting } from '@/components/page/waiting';
import { State } from '@/components/ui/state';
import { useFailures } from '@/lib/client/use-failures';

/** What a consumer group fails on now. */
export function GroupFailures({ name }: { name: string }) {
  const t = useTranslations('groups');
  const query = useFailures();
  const retry = useRetryOne();
  const rows = query.data?.rows.filter((row) => row.group === name) ?? [];
  return (
    <div className="panel">
      {query.isPending ? <Waiting query={query} rows={4} label={t('loading')} /> : null}
      {rows.length > 0 ? (
        <FailureTable rows={rows} onRetry={query.data?.can.retry.allowed ? retry.ask : null} />
      ) : null}
      {query.data && rows.length === 0 ? <State title={t('noFailures', { name })} /> : null}
      {retry.dialog}
    </div>
  );
}
