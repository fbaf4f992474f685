'use client';

import { useQuery } from '@tanstack/react-query';
import { useTranslations } from 'next-intl';
import { useRouter } from 'next/navigation';
import { useEffect } from 'react';
import { Banner } from '@/components/ui/banner';
import { State } from '@/components/ui/state';
import { ApiError, ask } from '@/lib/client/api';
import { Problem } from './problem';

const LOOK_EVERY_MS = 3_000;

/** All there is on a page that was asked for while the store could not say who asked. It shows itself when the store can. */
export function StoreAway() {
  const t = useTranslations('notices');
  const router = useRouter();
  const { error, isSuccess } = useQuery({
    queryKey: ['store-away'],
    queryFn: ({ signal }) => ask('GET /api/session', { signal }),
    refetchInterval: LOOK_EVERY_MS,
    retry: false,
  });
  // Whoever is not signed in is led to the sign-in by the page itself.
  const isThere = isSuccess || (error instanceof ApiError && error.status === 401);
  useEffect(() => {
    if (isThere) router.refresh();
  }, [isThere, router]);
  return (
    <>
      {error && !isThere ? (
        <Banner>
          <Problem error={error} />
        </Banner>
      ) : null}
      <State isPage title={t('storeAway.title')}>
        <p>{t('storeAway.hint')}</p>
      </State>
    </>
  );
}
