'use client';

import { useTranslations } from 'next-intl';
import { useFormat } from '@/components/ui/use-format';
import type { RetryItemView } from '@/lib/contract/retries';
import classes from './retries.module.css';

/** Retries of a message, newest first, each followed to its outcome. */
export function RetryList({ items }: { items: RetryItemView[] }) {
  const t = useTranslations('retries');
  if (items.length === 0) return <p className={classes.empty}>{t('none')}</p>;
  return (
    <ul className={classes.items}>
      {items.toReversed().map((item) => (
        <Item key={item.id} item={item} />
      ))}
    </ul>
  );
}

function Item({ item }: { item: RetryItemView }) {
  const t = useTranslations('retries');
  const outcome = useTranslations('outcome');
  const format = useFormat();
  return (
    <li>
      <div className={classes.itemHead}>
        <span className={classes.state} data-state={item.state}>
          {outcome(item.state)}
        </span>
        <b>{item.group}</b>
        <span className="soft">
          {t('askedBy', { operator: item.operator, time: format.time(item.createdAt) })}
        </span>
        {item.why ? <span className="quiet">“{item.why}”</span> : null}
      </div>
      {item.reason ? <div>{t(`itemReason.${item.reason}`)}</div> : null}
      {item.state === 'UNCERTAIN' ? (
        <div>
          {t('uncertain', {
            from: item.sends.at(-1)?.from ?? item.targetTopic,
            time: item.reconcileAt ? format.time(item.reconcileAt) : '–',
          })}
        </div>
      ) : null}
      {item.sentPosition ? (
        <div className="soft">
          {t.rich('sentTo', {
            position: item.sentPosition,
            time: item.sentAt ? format.time(item.sentAt, true) : '–',
            code: (chunks) => <code>{chunks}</code>,
          })}
          {item.copies > 1 ? ` ${t('copies', { count: item.copies })}` : null}
        </div>
      ) : null}
      {item.sends.length > 1 || item.sends.some((send) => send.detail) ? (
        <ol className={classes.sends}>
          {item.sends.map((send) => (
            <li key={send.number}>
              {format.time(send.at, true)} · {t(`result.${resultOf(send.result)}`)}
              {send.possibleDuplicate ? ` · ${t('possibleDuplicate')}` : null}
              {send.detail ? ` · ${send.detail}` : null}
            </li>
          ))}
        </ol>
      ) : null}
      {item.endedAt ? (
        <div className="quiet">{t('endedAt', { time: format.time(item.endedAt, true) })}</div>
      ) : null}
    </li>
  );
}

const RESULTS = [
  'acknowledged',
  'refused',
  'not_written',
  'unknown',
  'lease_expired',
  'found',
  'absent',
  'sending',
  'late',
] as const;

function resultOf(result: string | null): (typeof RESULTS)[number] {
  if (result === null) return 'sending';
  return result.startsWith('late ') ? 'late' : (RESULTS.find((item) => item === result) ?? 'unknown');
}
