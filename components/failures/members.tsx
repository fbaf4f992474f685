'use client';

import { Button, Checkbox } from '@mantine/core';
import { useTranslations } from 'next-intl';
import { parseAsString, useQueryState } from 'nuqs';
import { StatusChip } from '@/components/status/status-chip';
import { Link, useGo } from '@/components/page/link';
import { useFormat } from '@/components/ui/use-format';
import { useRowKeys } from '@/components/ui/table/use-row-keys';
import { useMembers } from '@/lib/client/use-failures';
import { shortId } from '@/lib/protocol/uuid';
import type { FailureKey } from '@/lib/contract/failures';
import type { MessageListRow } from '@/lib/contract/messages';
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
  const rows = data?.rows ?? [];
  const isAll = rows.length > 0 && rows.every((row) => chosen.includes(row.id));
  const ids = rows.map((row) => row.id);
  const choose = (id: string) =>
    onChoose(chosen.includes(id) ? chosen.filter((item) => item !== id) : [...chosen, id]);
  const chooseAll = () =>
    onChoose(isAll ? chosen.filter((item) => !ids.includes(item)) : [...new Set([...chosen, ...ids])]);
  const go = useGo();
  const at = useRowKeys(rows.length, {
    open: (row) => ids[row] && go(`/messages/${ids[row]}`),
    select: (row) => ids[row] && choose(ids[row]),
  });
  return (
    <section className="panel" aria-label={t('members')}>
      <div className="panelHead">
        <h2>{t('members')}</h2>
        <span className="quiet">
          {chosen.length > 0 ? t('selected', { count: chosen.length }) : t('membersHint')}
        </span>
      </div>
      <table className={`${classes.members} phoneRows`}>
        <thead>
          <tr>
            <th>
              <Checkbox size="xs" checked={isAll} onChange={chooseAll} aria-label={t('selectAll')} />
            </th>
            <Heads />
          </tr>
        </thead>
        <tbody>
          {rows.map((row, index) => (
            <Member
              key={row.id}
              row={row}
              isAt={index === at}
              isChosen={chosen.includes(row.id)}
              onChoose={() => choose(row.id)}
            />
          ))}
        </tbody>
      </table>
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
    </section>
  );
}

function Heads() {
  const t = useTranslations('messageColumn');
  return (
    <>
      <th>{t('status')}</th>
      <th>{t('key')}</th>
      <th>{t('error')}</th>
      <th className="num">{t('attempts')}</th>
      <th className="num">{t('time')}</th>
      <th className="num">{t('id')}</th>
    </>
  );
}

function Member({
  row,
  isAt,
  isChosen,
  onChoose,
}: {
  row: MessageListRow;
  isAt: boolean;
  isChosen: boolean;
  onChoose: () => void;
}) {
  const t = useTranslations('failures');
  const format = useFormat();
  return (
    <tr data-chosen={isAt}>
      <td>
        <Checkbox
          size="xs"
          checked={isChosen}
          onChange={onChoose}
          aria-label={t('select', { key: row.key ?? row.id })}
        />
      </td>
      <td>
        <StatusChip status={row.status} detail={row.detail} />
      </td>
      <td className={classes.memberKey}>
        <code>{row.key ?? '–'}</code>
      </td>
      <td className={classes.memberError}>{row.error?.message}</td>
      <td className={`num ${classes.optional}`}>{row.attempts}</td>
      <td className={`num ${classes.memberTime}`}>{format.time(row.at)}</td>
      <td className="num">
        <Link href={`/messages/${row.id}`} className="mono" title={row.id}>
          {shortId(row.id)}
        </Link>
      </td>
    </tr>
  );
}
