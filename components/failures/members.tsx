'use client';

import { useTranslations } from 'next-intl';
import { parseAsString, useQueryState } from 'nuqs';
import { Link, useGo } from '@/components/page/link';
import { Pager } from '@/components/page/pager';
import { StatusChip } from '@/components/status/status-chip';
import type { Column } from '@/components/ui/table/columns';
import { DataTable } from '@/components/ui/table/data-table';
import { useFormat } from '@/components/ui/use-format';
import { useMembers } from '@/lib/client/use-failures';
import type { FailureKey } from '@/lib/contract/failures';
import type { MessageListRow } from '@/lib/contract/messages';
import { messagePath } from '@/lib/contract/paths';
import { shortId } from '@/lib/protocol/uuid';
import classes from './failures.module.css';

/** Messages of a failure. What is chosen stays chosen while pages are turned. */
export function Members({
  failure,
  chosen,
  onChoose,
}: {
  failure: FailureKey;
  chosen: readonly string[];
  onChoose: (ids: readonly string[]) => void;
}) {
  const t = useTranslations('failures');
  const [before, setBefore] = useQueryState('before', parseAsString);
  const { data } = useMembers(failure, before);
  const columns = useColumns();
  const go = useGo();
  return (
    <section className="panel" aria-label={t('members')}>
      <div className="panelHead">
        <h2>{t('members')}</h2>
        <span className="quiet">
          {chosen.length > 0 ? t('selected', { count: chosen.length }) : t('membersHint')}
        </span>
      </div>
      <DataTable
        className={classes.members}
        columns={columns}
        rows={data?.rows ?? []}
        keyOf={(row) => row.id}
        onOpen={(row) => go(messagePath(row.id))}
        selection={{
          keys: chosen,
          onChange: onChoose,
          words: { all: t('selectAll'), row: (row) => t('select', { key: row.key ?? row.id }) },
        }}
      />
      <Pager
        isFirst={before === null}
        next={data?.next ?? null}
        onPage={(cursor) => void setBefore(cursor)}
      />
    </section>
  );
}

function useColumns(): Column<MessageListRow>[] {
  const t = useTranslations('messageColumn');
  const format = useFormat();
  return [
    {
      id: 'status',
      title: t('status'),
      cell: (row) => <StatusChip status={row.status} detail={row.detail} />,
    },
    {
      id: 'key',
      title: t('key'),
      className: classes.memberKey,
      cell: (row) => <code>{row.key ?? '–'}</code>,
    },
    { id: 'error', title: t('error'), className: classes.memberError, cell: (row) => row.error?.message },
    {
      id: 'attempts',
      title: t('attempts'),
      className: classes.optional,
      isNumeric: true,
      cell: (row) => row.attempts,
    },
    {
      id: 'time',
      title: t('time'),
      className: classes.memberTime,
      isNumeric: true,
      cell: (row) => format.time(row.at),
    },
    {
      id: 'id',
      title: t('id'),
      isNumeric: true,
      cell: (row) => (
        <Link href={messagePath(row.id)} className="mono" title={row.id}>
          {shortId(row.id)}
        </Link>
      ),
    },
  ];
}
