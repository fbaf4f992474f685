'use client';

import { useTranslations } from 'next-intl';
import { useState } from 'react';
import { useFormat } from '@/components/ui/use-format';
import type { Attempt } from '@/lib/contract/messages';
import classes from './message.module.css';

/** Attempts that have an outcome. */
export function listedAttempts(attempts: Attempt[]): Attempt[] {
  return attempts.filter((attempt) => attempt.kind !== 'started');
}

/** Every attempt, newest first, each with its stack. */
export function AttemptList({ attempts }: { attempts: Attempt[] }) {
  const t = useTranslations('attempts');
  const list = listedAttempts(attempts).toReversed();
  if (list.length === 0) return <p className={classes.empty}>{t('none')}</p>;
  return (
    <ul className={classes.attempts}>
      {list.map((attempt) => (
        <Line key={attempt.factId} attempt={attempt} />
      ))}
    </ul>
  );
}

function Line({ attempt }: { attempt: Attempt }) {
  const t = useTranslations('attempts');
  const format = useFormat();
  const [open, setOpen] = useState(false);
  const failed = attempt.kind.endsWith('_failed');
  const kind = attempt.kind as
    'committed' | 'send_failed' | 'handled' | 'handle_failed' | 'push_failed' | 'skipped';
  return (
    <li data-failed={failed}>
      <span className="num" title={format.stamp(attempt.startedAt)}>
        {format.time(attempt.startedAt, true)}
      </span>
      <span>
        <b>{attempt.group ?? t('sender')}</b> {t(`kind.${kind}`, { number: attempt.number ?? 1 })}
        {attempt.generation > 0 ? (
          <span className="quiet"> {t('generation', { number: attempt.generation })}</span>
        ) : null}
        {attempt.error ? (
          <>
            {' '}
            <code>{attempt.error.type}</code> {attempt.error.message}
          </>
        ) : null}
        {attempt.nextTryAt ? (
          <span className="quiet"> {t('nextTry', { time: format.time(attempt.nextTryAt, true) })}</span>
        ) : null}
        <span className="quiet"> {[attempt.host, attempt.release].filter(Boolean).join(' · ')}</span>{' '}
        {attempt.error?.stack ? (
          <button type="button" className="asLink" onClick={() => setOpen(!open)} aria-expanded={open}>
            {t(open ? 'hideStack' : 'showStack')}
          </button>
        ) : null}
        {open ? (
          <pre className={classes.stack} tabIndex={0}>
            {attempt.error?.stack}
          </pre>
        ) : null}
      </span>
      <span className="num quiet">
        {attempt.durationMs === null ? '' : format.milliseconds(attempt.durationMs)}
      </span>
    </li>
  );
}
