'use client';

import { Button } from '@mantine/core';
import { useNow, useTranslations } from 'next-intl';
import { Banner } from '@/components/ui/banner';
import { useFormat } from '@/components/ui/use-format';
import { Problem } from './problem';

interface Asked {
  data: unknown;
  error: Error | null;
  dataUpdatedAt: number;
  refetch: () => unknown;
}

/**
 * Above what was read before the last question failed: how old it is, why, and the way to ask again.
 * @param everySeconds how often what it shows is measured anew
 */
export function Stale({ query, everySeconds }: { query: Asked; everySeconds?: number | undefined }) {
  const t = useTranslations('stale');
  const format = useFormat();
  const now = useNow({ updateInterval: 5_000 });
  if (!query.error) return null;
  const isKnown = query.data !== undefined;
  return (
    <Banner
      action={
        <Button variant="default" onClick={() => void query.refetch()}>
          {t('refresh')}
        </Button>
      }
    >
      {isKnown ? (
        <b>
          {t('asOf', {
            time: format.time(new Date(query.dataUpdatedAt).toISOString()),
            age: format.duration((now.getTime() - query.dataUpdatedAt) / 1_000),
            every: everySeconds === undefined ? 'none' : format.duration(everySeconds),
          })}{' '}
        </b>
      ) : null}
      <Problem error={query.error} />
    </Banner>
  );
}
