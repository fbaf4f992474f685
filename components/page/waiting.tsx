'use client';

import { Button, VisuallyHidden } from '@mantine/core';
import { useQueryClient } from '@tanstack/react-query';
import { useTranslations } from 'next-intl';
import { useEffect, useState } from 'react';
import { Skeletons, State } from '@/components/ui/state';
import classes from './problem.module.css';

const SLOW_AFTER_MS = 2_000;

/** The state of its query that a page needs. */
interface Asked {
  fetchStatus: 'fetching' | 'paused' | 'idle';
  refetch: () => unknown;
}

/**
 * Placeholder rows while a query is pending. After two seconds a text names the query, and a button stops it.
 * @param label what it waits for, as "Reading the overview"
 * @param isPage whether it is all there is on the page, and so its first heading
 */
export function Waiting({
  query,
  rows,
  label,
  isPage = false,
}: {
  query: Asked;
  rows: number;
  label: string;
  isPage?: boolean;
}) {
  const t = useTranslations('waiting');
  const client = useQueryClient();
  const [isSlow, setSlow] = useState(false);
  useEffect(() => {
    const timer = setTimeout(() => setSlow(true), SLOW_AFTER_MS);
    return () => clearTimeout(timer);
  }, []);
  if (query.fetchStatus === 'idle') {
    return (
      <State
        isPage={isPage}
        title={t('stopped', { what: label })}
        action={
          <Button variant="default" onClick={() => void query.refetch()}>
            {t('goOn')}
          </Button>
        }
      >
        {t('stoppedHint')}
      </State>
    );
  }
  const stop = () => void client.cancelQueries({ predicate: ({ state }) => state.data === undefined });
  return (
    <>
      {isPage ? <VisuallyHidden component="h1">{label}</VisuallyHidden> : null}
      <Skeletons rows={rows} label={label} />
      {isSlow ? (
        <p className={classes.slow} role="status">
          {t('slow', { what: label })}
          <Button variant="default" size="compact-xs" onClick={stop}>
            {t('stop')}
          </Button>
        </p>
      ) : null}
    </>
  );
}
