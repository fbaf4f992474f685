'use client';

import { Button } from '@mantine/core';
import { useTranslations } from 'next-intl';
import { Link } from '@/components/page/link';
import { State } from '@/components/ui/state';
import { useFormat } from '@/components/ui/use-format';
import { useRetryItems } from '@/lib/client/use-retries';
import { shortId } from '@/lib/protocol/uuid';
import type { ItemState } from '@/lib/domain/retries/retry';
import type { RetryItemRow } from '@/lib/contract/retries';
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
  return (
    <section className="panel" aria-label={t('items')}>
      <div className="panelHead">
        <h2>{t('items')}</h2>
      </div>
      {data?.rows.length === 0 ? <State title={t('noItems')} /> : null}
      {data && data.rows.length > 0 ? (
        <table className={`${classes.table} ${classes.items} phoneRows`}>
          <thead>
            <tr>
              <th>{t('itemColumn.state')}</th>
              <th>{t('itemColumn.key')}</th>
              <th>{t('itemColumn.error')}</th>
              <th>{t('itemColumn.host')}</th>
              <th className="num">{t('itemColumn.sent')}</th>
              <th className="num">{t('itemColumn.ended')}</th>
              <th className="num">{t('itemColumn.id')}</th>
            </tr>
          </thead>
          <tbody>
            {data.rows.map((row) => (
              <Item key={row.itemId} row={row} />
            ))}
          </tbody>
        </table>
      ) : null}
      {after !== '0' || data?.next ? (
        <div className={classes.pages}>
          {after !== '0' ? (
            <Button variant="subtle" onClick={() => onPage(null)}>
              {t('newest')}
            </Button>
          ) : null}
          {data?.next ? (
            <Button variant="subtle" onClick={() => onPage(data.next)}>
              {t('older')}
            </Button>
          ) : null}
        </div>
      ) : null}
    </section>
  );
}

function Item({ row }: { row: RetryItemRow }) {
  const words = useTranslations('retries');
  const outcome = useTranslations('outcome');
  const format = useFormat();
  const failed = row.state === 'FAILED_AGAIN' || row.state === 'REFUSED';
  return (
    <tr>
      <td className={classes.outcome}>
        <span className={retries.state} data-state={row.state}>
          {outcome(row.state)}
        </span>{' '}
        <span className="quiet">{row.reason ? words(`itemReason.${row.reason}`) : row.type}</span>
      </td>
      <td className={classes.key} title={row.key ?? undefined}>
        <code>{row.key}</code>
      </td>
      <td className={classes.again}>
        {failed && row.error ? `${row.error.type}: ${row.error.message}` : null}
      </td>
      <td className={`soft ${classes.optional}`}>
        {format.list([row.host, row.release].flatMap((item) => item || []))}
      </td>
      <td className={`num ${classes.optional}`} title={row.sentPosition ?? undefined}>
        {row.sentAt ? format.time(row.sentAt) : null}
      </td>
      <td className={`num ${classes.ended}`}>{row.endedAt ? format.time(row.endedAt) : null}</td>
      <td className={`num ${classes.id}`}>
        <Link href={`/messages/${row.messageId}`} className="mono" title={row.messageId}>
          {shortId(row.messageId)}
        </Link>
      </td>
    </tr>
  );
}
