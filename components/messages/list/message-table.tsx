'use client';

import { useTranslations } from 'next-intl';
import { Link, useGo } from '@/components/page/link';
import { useFormat } from '@/components/ui/use-format';
import { useRowKeys } from '@/components/ui/table/use-row-keys';
import { shortId } from '@/lib/protocol/uuid';
import type { MessageListRow } from '@/lib/contract/messages';
import classes from './list.module.css';
import { StatusChip } from '@/components/status/status-chip';

/** Rows that are selected, by id, and how that changes. */
export interface Selection {
  ids: readonly string[];
  onChange: (ids: readonly string[]) => void;
}

/**
 * Messages as rows; on the phone as two lines each. `j` and `k` move, Enter opens, `x` selects.
 * @param group whose delivery the status is
 * @param chosen id of the row that is looked at, with who hears of another
 * @param hasKeys whether the keys are this table's, where there are several
 */
export function MessageTable({
  rows,
  group,
  chosen,
  selection,
  hasKeys = true,
}: {
  rows: MessageListRow[];
  group: string | null;
  chosen?: { id: string | null; onChange: (id: string) => void };
  selection?: Selection;
  hasKeys?: boolean;
}) {
  const column = useTranslations('messageColumn');
  const go = useGo();
  const toggle = (id: string) => {
    const { ids = [], onChange } = selection ?? {};
    onChange?.(ids.includes(id) ? ids.filter((item) => item !== id) : [...ids, id]);
  };
  const at = useRowKeys(hasKeys ? rows.length : 0, {
    open: (row) => rows[row] && go(`/messages/${rows[row].id}`),
    choose: (row) => rows[row] && chosen?.onChange(rows[row].id),
    select: (row) => rows[row] && toggle(rows[row].id),
    ...(chosen ? { at: rows.findIndex((row) => row.id === chosen.id) } : {}),
  });
  return (
    <table className={`${classes.table} phoneRows`}>
      <thead>
        <tr>
          {selection ? <PickAll rows={rows} selection={selection} /> : null}
          <th className={classes.status}>{group ? column('statusFor', { group }) : column('status')}</th>
          <th className={classes.type}>{column('type')}</th>
          <th className={classes.key}>{column('key')}</th>
          <th className={classes.topic}>{column('topic')}</th>
          <th className={classes.groups}>{column('groups')}</th>
          <th>{column('error')}</th>
          <th className={`num ${classes.attempts}`}>{column('attempts')}</th>
          <th className={`num ${classes.time}`}>{column('time')}</th>
          <th className={`num ${classes.id}`}>{column('id')}</th>
        </tr>
      </thead>
      <tbody>
        {rows.map((row, index) => (
          <Row
            key={row.id}
            row={row}
            chosen={index === at}
            onClick={() => chosen?.onChange(row.id)}
            {...(selection ? { picked: selection.ids.includes(row.id), onPick: () => toggle(row.id) } : {})}
          />
        ))}
      </tbody>
    </table>
  );
}

/** Selects all rows of the page, or none of them. What is selected on other pages stays so. */
function PickAll({ rows, selection }: { rows: MessageListRow[]; selection: Selection }) {
  const t = useTranslations('messages');
  const shown = rows.map((row) => row.id);
  const isAll = shown.every((id) => selection.ids.includes(id));
  const rest = selection.ids.filter((id) => !shown.includes(id));
  return (
    <th className={classes.pick}>
      <input
        type="checkbox"
        aria-label={t('selectAll')}
        checked={isAll}
        onChange={() => selection.onChange(isAll ? rest : [...rest, ...shown])}
      />
    </th>
  );
}

function Row({
  row,
  chosen,
  onClick,
  picked,
  onPick,
}: {
  row: MessageListRow;
  chosen: boolean;
  onClick: () => void;
  picked?: boolean;
  onPick?: () => void;
}) {
  const t = useTranslations('messages');
  const format = useFormat();
  const { groups, error } = row;
  return (
    <tr
      data-chosen={chosen}
      onClick={({ target }) => {
        // A link leads away, and what it leads to must not be overtaken by the row's own place in the address.
        if (target instanceof Element && !target.closest('a, input')) onClick();
      }}
    >
      {onPick ? (
        <td className={classes.pick}>
          <input
            type="checkbox"
            aria-label={t('select', { key: row.key ?? row.id })}
            checked={picked ?? false}
            onChange={onPick}
          />
        </td>
      ) : null}
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
