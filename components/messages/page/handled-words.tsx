'use client';

import { useTranslations } from 'next-intl';
import type { ReactNode } from 'react';
import { Link } from '@/components/page/link';
import { useFormat } from '@/components/ui/use-format';
import { retryPath } from '@/lib/contract/paths';
import type { HandledTry, WhereRow } from '@/lib/domain/messages/where-is-it';
import classes from './where.module.css';

type RowOf<Kind extends WhereRow['kind']> = Extract<WhereRow, { kind: Kind }>;
const verdict = (chunks: ReactNode) => <b>{chunks}</b>;

/** What failed before, and by whose retry it was handled. */
export function Rescued({ row: { failures, at, retry } }: { row: RowOf<'rescued'> }) {
  const t = useTranslations('where');
  const format = useFormat();
  return t.rich('rescued', {
    b: verdict,
    failures,
    time: format.time(at),
    by: retry?.by ?? 'none',
    retried: retry ? format.time(retry.at) : '',
    link: (chunks) =>
      retry ? (
        <Link className="inText" href={retryPath(retry.id)}>
          {chunks}
        </Link>
      ) : (
        chunks
      ),
  });
}

export function Handled({ row }: { row: RowOf<'handled'> }) {
  const t = useTranslations('where');
  const format = useFormat();
  const [only] = row.groups;
  if (row.groups.length === 1 && only && !only.skipped && only.durationMs !== null) {
    return t.rich('handledOne', {
      b: verdict,
      time: format.milliseconds(only.durationMs),
      attempt: only.attempt ?? 1,
    });
  }
  return (
    <>
      {t.rich('handled', { b: verdict })}{' '}
      {format.list(
        row.groups.map((item) => {
          if (item.skipped) return t('oneSkipped', { group: item.group });
          if (item.durationMs === null) return item.group;
          const time = format.milliseconds(item.durationMs);
          return t('oneIn', { group: item.group, time, attempt: item.attempt ?? 1 });
        }),
      )}
      {row.more > 0 ? ` ${t('andMore', { count: row.more })}` : null}
    </>
  );
}

/** The times that a delivery was handled, side by side: when, by whom, which record. */
export function Tries({ tries }: { tries: HandledTry[] }) {
  const t = useTranslations('where');
  const format = useFormat();
  return (
    <ul className={classes.tries}>
      {tries.map((attempt) => (
        <li key={`${attempt.at} ${attempt.position}`}>
          <b>{format.time(attempt.at, true)}</b>
          <span>{attempt.host ?? t('hostUnknown')}</span>
          <code title={t('member')}>{attempt.member ?? '–'}</code>
          <code>{attempt.position ?? '–'}</code>
        </li>
      ))}
    </ul>
  );
}
