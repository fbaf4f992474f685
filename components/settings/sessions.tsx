'use client';

import { Button } from '@mantine/core';
import { useTranslations } from 'next-intl';
import { PageProblem, Problem } from '@/components/page/problem';
import { useFormat } from '@/components/ui/use-format';
import { useEndSession, useSessions } from '@/lib/client/use-settings';
import classes from './settings.module.css';

/** The operator's own sessions, each of which can be ended. */
export function Sessions() {
  const t = useTranslations('settings.sessions');
  const format = useFormat();
  const query = useSessions();
  const { data, error } = query;
  const end = useEndSession();
  if (error && !data) return <PageProblem error={error} onAgain={() => void query.refetch()} />;
  return (
    <section className="panel">
      <div className="panelHead">
        <h2>{data ? t('count', { count: data.sessions.length }) : null}</h2>
      </div>
      <ul className={classes.list}>
        {data?.sessions.map((session) => (
          <li key={session.id}>
            <b>{t('since', { time: format.time(session.createdAt) })}</b>
            <span>
              {t('seen', { time: format.time(session.seenAt), end: format.time(session.expiresAt) })}
            </span>
            <Button
              variant="subtle"
              size="compact-xs"
              onClick={() => end.mutate(session.id)}
              aria-label={t('endOf', { time: format.time(session.createdAt) })}
            >
              {t('end')}
            </Button>
          </li>
        ))}
      </ul>
      {end.error ? (
        <p className={classes.problem}>
          <Problem error={end.error} changes />
        </p>
      ) : null}
    </section>
  );
}
