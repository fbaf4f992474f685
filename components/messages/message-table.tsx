'use client';

import { useTranslations } from 'next-intl';
import { Link, useGo } from '@/components/shell/link';
import { useFormat } from '@/components/ui/use-format';
import { useRowKeys } from '@/components/ui/use-row-keys';
import { shortId } from '@/lib/domain/uuid';
import type { MessageListRow } from '@/lib/domain/views';
import classes from './list.module.css';
import { StatusChip } from './status-chip';

/**
 * Messages as rows; on the phone as two lines each. `j` and `k` move, Enter opens.
 * @param group whose delivery the status is
 * @param onChoose hears which row is looked at
 * @param hasKeys whether the keys are this table's, where there are several
 */
export function MessageTable({
  rows,
  group,
  onChoose,
  hasKeys = true,
}: {
  rows: MessageListRow[];
  group: string | null;
  onChoose?: (id: string) => void;
  hasKeys?: boolean;
}) {
  const t = useTranslations('messages');
  const go = useGo();
  const at = useRowKeys(
    hasKeys ? rows.length : 0,
    (row) => rows[row] && go(`/messages/${rows[row].id}`),
    (row) => rows[row] && onChoose?.(rows[row].id),
  );
  return (
    <table className={`${classes.table} phoneRows`}>
      <thead>
        <tr>
          <th>{group ? t('column.statusFor', { group }) : t('column.status')}</th>
          <th>{t('column.type')}</th>
          <th>{t('column.key')}</th>
          <th>{t('column.topic')}</th>
          <th>{t('column.groups')}</th>
          <th>{t('column.error')}</th>
          <th className="num">{t('column.attempts')}</th>
          <th className="num">{t('column.time')}</th>
          <th className="num">{t('column.id')}</th>
        </tr>
      </thead>
      <tbody>
        {rows.map((row, index) => (
          <Row key={row.id} row={row} chosen={index === at} onClick={() => onChoose?.(row.id)} />
        ))}
      </tbody>
    </table>
  );
}

function Row({ row, chosen, onClick }: { row: MessageListRow; chosen: boolean; onClick: () => void }) {
  const t = useTranslations('messages');
  const format = useFormat();
  const { groups, error } = row;
  return (
    <tr data-chosen={chosen} onClick={onClick}>
      <td className={classes.status}>
        <StatusChip status={row.status} detail={row.detail} />
      </td>
      <td className={classes.type}>{row.type ?? <span className="quiet">{t('noType')}</span>}</td>
      <td className={classes.key}>
        <code title={row.key ?? undefined}>{row.key ?? '–'}</code>
      </td>
      <td className={classes.topic}>{row.topic ?? '–'}</td>
      <td className={classes.groups}>
        {groups.total === 0 ? (
          <span className="quiet">–</span>
        ) : (
          <>
            <span className={groups.worst ? undefined : 'quiet'}>
              {t('groupsOf', { handled: groups.handled, total: groups.total })}
            </span>
            {groups.worst ? ` · ${groups.worst}${groups.more > 0 ? ` +${groups.more}` : ''}` : null}
          </>
        )}
      </td>
      <td className={classes.error}>
        {error === null ? null : error.past ? (
          <span className="quiet">{t('before', { error: error.type })}</span>
        ) : (
          <span title={`${error.type}: ${error.message}`}>
            <b data-status={row.status}>{error.type}</b> <span className="quiet">{error.message}</span>
          </span>
        )}
      </td>
      <td className={`num ${classes.attempts}`}>{row.attempts}</td>
      <td className={`num ${classes.time}`} title={format.stamp(row.at)}>
        {format.time(row.at)}
      </td>
      <td className={`num ${classes.id}`}>
        <Link href={`/messages/${row.id}`} className="mono" title={row.id}>
          {shortId(row.id)}
        </Link>
      </td>
    </tr>
  );
}
