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

/** The whole page while the store is unreachable and no session can be checked. It refreshes once the store answers. */
export function StoreAway() {
  const t = useTranslations('notices');
  const router = useRouter();
  const { error, isSuccess } = useQuery({
    queryKey: ['store-away'],
    queryFn: ({ signal }) => ask('GET /api/session', { signal }),
    refetchInterval: LOOK_EVERY_MS,
    retry: false,
  });
  // The page itself redirects a client without a session to the sign-in.
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
