'use client';

import { clsx } from 'clsx';
import { useTranslations } from 'next-intl';
import { Link, useGo } from '@/components/page/link';
import { StatusChip } from '@/components/status/status-chip';
import type { Column } from '@/components/ui/table/columns';
import { DataTable } from '@/components/ui/table/data-table';
import { useFormat } from '@/components/ui/use-format';
import type { MessageListRow } from '@/lib/contract/messages';
import { messagePath } from '@/lib/contract/paths';
import { shortId } from '@/lib/protocol/uuid';
import classes from './list.module.css';

/** Messages that are selected, by id, and how that changes. */
export interface SelectedMessages {
  ids: readonly string[];
  onChange: (ids: readonly string[]) => void;
}

/**
 * Messages as rows; on the phone as two lines each.
 * @param group whose delivery the status is
 * @param chosen id of the current row, and a callback for another one
 * @param hasHotkeys whether `j` and `k` are this table's, where there are several
 */
export function MessageTable({
  rows,
  group,
  chosen,
  selection,
  isNarrow = false,
  hasHotkeys = true,
}: {
  rows: MessageListRow[];
  group: string | null;
  chosen?: { id: string | null; onChange: (id: string) => void };
  selection?: SelectedMessages;
  /** Whether a panel is beside the table. */
  isNarrow?: boolean;
  hasHotkeys?: boolean;
}) {
  const t = useTranslations('messages');
  const columns = useColumns(group);
  const go = useGo();
  return (
    <DataTable
      className={clsx(classes.table, isNarrow && classes.narrow)}
      columns={columns}
      rows={rows}
      keyOf={(row) => row.id}
      onOpen={(row) => go(messagePath(row.id))}
      hasHotkeys={hasHotkeys}
      chosen={chosen && { key: chosen.id, onChange: chosen.onChange }}
      selection={
        selection && {
          keys: selection.ids,
          onChange: selection.onChange,
          words: { all: t('selectAll'), row: (row) => t('select', { key: row.key ?? row.id }) },
        }
      }
    />
  );
}

function useColumns(group: string | null): Column<MessageListRow>[] {
  const column = useTranslations('messageColumn');
  const t = useTranslations('messages');
  const format = useFormat();
  return [
    {
      id: 'status',
      title: group ? column('statusFor', { group }) : column('status'),
      className: classes.status,
      cell: (row) => <StatusChip status={row.status} detail={row.detail} />,
    },
    {
      id: 'type',
      title: column('type'),
      className: classes.type,
      cell: (row) => row.type ?? <span className="quiet">{t('noType')}</span>,
    },
    {
      id: 'key',
      title: column('key'),
      className: classes.key,
      cell: (row) => <code title={row.key ?? undefined}>{row.key ?? '–'}</code>,
    },
    { id: 'topic', title: column('topic'), className: classes.topic, cell: (row) => row.topic ?? '–' },
    {
      id: 'groups',
      title: column('groups'),
      className: classes.groups,
      cell: ({ groups }) =>
        groups.total === 0 ? (
          <span className="quiet">–</span>
        ) : (
          <>
            <span className={groups.worst ? undefined : 'quiet'}>
              {t('groupsOf', { handled: groups.handled, total: groups.total })}
            </span>
            {groups.worst ? ` · ${groups.worst}${groups.more > 0 ? ` +${groups.more}` : ''}` : null}
          </>
        ),
    },
    {
      id: 'error',
      title: column('error'),
      className: classes.error,
      cell: ({ error, status }) =>
        error === null ? null : error.past ? (
          <span className="quiet">{t('before', { error: error.type })}</span>
        ) : (
          <span title={`${error.type}: ${error.message}`}>
            <b data-status={status}>{error.type}</b> <span className="quiet">{error.message}</span>
          </span>
        ),
    },
    {
      id: 'attempts',
      title: column('attempts'),
      className: classes.attempts,
      isNumeric: true,
      cell: (row) => row.attempts,
    },
    {
      id: 'time',
      title: column('time'),
      className: classes.time,
      isNumeric: true,
      cell: (row) => <span title={format.stamp(row.at)}>{format.time(row.at)}</span>,
    },
    {
      id: 'id',
      title: column('id'),
      className: classes.id,
      isNumeric: true,
      cell: (row) => (
        <Link href={messagePath(row.id)} className="mono" title={row.id}>
          {shortId(row.id)}
        </Link>
      ),
    },
  ];
}
