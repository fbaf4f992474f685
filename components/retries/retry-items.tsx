'use client';

import { useTranslations } from 'next-intl';
import { Link, useGo } from '@/components/page/link';
import { Pager } from '@/components/page/pager';
import { State } from '@/components/ui/state';
import type { Column } from '@/components/ui/table/columns';
import { DataTable } from '@/components/ui/table/data-table';
import { useFormat } from '@/components/ui/use-format';
import { useRetryItems } from '@/lib/client/use-retries';
import { messagePath } from '@/lib/contract/paths';
import type { RetryItemRow } from '@/lib/contract/retries';
import type { ItemState } from '@/lib/domain/retries/retry';
import { shortId } from '@/lib/protocol/uuid';
import classes from './outcomes.module.css';
import retries from './retries.module.css';

/** Items of a retry, each with its outcome. */
export function RetryItems({
  id,
  version,
  states,
  after,
  onPage,
}: {
  id: string;
  version: string;
  states: ItemState[];
  after: string;
  onPage: (after: string | null) => void;
}) {
  const t = useTranslations('retryPage');
  const { data } = useRetryItems(id, states, after, version);
  const columns = useColumns();
  const go = useGo();
  return (
    <section className="panel" aria-label={t('items')}>
      <div className="panelHead">
        <h2>{t('items')}</h2>
      </div>
      {data?.rows.length === 0 ? <State title={t('noItems')} /> : null}
      {data && data.rows.length > 0 ? (
        <DataTable
          className={`${classes.table} ${classes.items}`}
          columns={columns}
          rows={data.rows}
          keyOf={(row) => row.itemId}
          onOpen={(row) => go(messagePath(row.messageId))}
        />
      ) : null}
      <Pager isFirst={after === '0'} next={data?.next ?? null} onPage={onPage} />
    </section>
  );
}

function useColumns(): Column<RetryItemRow>[] {
  const t = useTranslations('retryPage.itemColumn');
  const words = useTranslations('retries');
  const outcome = useTranslations('outcome');
  const format = useFormat();
  return [
    {
      id: 'state',
      title: t('state'),
      className: classes.outcome,
      cell: (row) => (
        <>
          <span className={retries.state} data-state={row.state}>
            {outcome(row.state)}
          </span>{' '}
          <span className="quiet">{row.reason ? words(`itemReason.${row.reason}`) : row.type}</span>
        </>
      ),
    },
    {
      id: 'key',
      title: t('key'),
      className: classes.key,
      cell: (row) => <code title={row.key ?? undefined}>{row.key}</code>,
    },
    {
      id: 'error',
      title: t('error'),
      className: classes.again,
      cell: ({ state, error }) =>
        (state === 'FAILED_AGAIN' || state === 'REFUSED') && error ? `${error.type}: ${error.message}` : null,
    },
    {
      id: 'host',
      title: t('host'),
      className: `soft ${classes.optional}`,
      cell: (row) => format.list([row.host, row.release].flatMap((item) => item || [])),
    },
    {
      id: 'sent',
      title: t('sent'),
      className: classes.optional,
      isNumeric: true,
      cell: (row) => (
        <span title={row.sentPosition ?? undefined}>{row.sentAt ? format.time(row.sentAt) : null}</span>
      ),
    },
    {
      id: 'ended',
      title: t('ended'),
      className: classes.ended,
      isNumeric: true,
      cell: (row) => (row.endedAt ? format.time(row.endedAt) : null),
    },
    {
      id: 'id',
      title: t('id'),
      className: classes.id,
      isNumeric: true,
      cell: (row) => (
        <Link href={messagePath(row.messageId)} className="mono" title={row.messageId}>
          {shortId(row.messageId)}
        </Link>
      ),
    },
  ];
}
