'use client';

import { Button } from '@mantine/core';
import { useNow, useTranslations } from 'next-intl';
import { useSyncExternalStore } from 'react';
import { Banner } from '@/components/ui/banner';
import { useIsUpdated } from '@/components/ui/updated';
import { useCurrentSession } from '@/lib/client/use-session';
import { ClusterAway } from './cluster-away';

/** A page warns of the end of its session this many seconds before it. */
const WARN_SECONDS = 60;

/** What concerns every page, above it: the network, another version, the session, the broker. */
export function Notices() {
  return (
    <>
      <Offline />
      <Updated />
      <SessionEnds />
      <ClusterAway />
    </>
  );
}

function Offline() {
  const t = useTranslations('notices');
  const isOnline = useSyncExternalStore(
    subscribeOnline,
    () => navigator.onLine,
    () => true,
  );
  return isOnline ? null : <Banner>{t('offline')}</Banner>;
}

function subscribeOnline(changed: () => void): () => void {
  window.addEventListener('online', changed);
  window.addEventListener('offline', changed);
  return () => {
    window.removeEventListener('online', changed);
    window.removeEventListener('offline', changed);
  };
}

function Updated() {
  const t = useTranslations('notices');
  if (!useIsUpdated()) return null;
  return (
    <Banner
      action={
        <Button variant="default" onClick={() => location.reload()}>
          {t('reload')}
        </Button>
      }
    >
      {t('updated')}
    </Banner>
  );
}

function SessionEnds() {
  const t = useTranslations('notices');
  const now = useNow({ updateInterval: 1_000 });
  const { data, refetch } = useCurrentSession();
  if (!data) return null;
  const idleEnds = Date.parse(data.idleEndsAt);
  const expires = Date.parse(data.expiresAt);
  const seconds = Math.ceil((Math.min(idleEnds, expires) - now.getTime()) / 1_000);
  if (seconds > WARN_SECONDS || seconds <= 0) return null;
  if (expires <= idleEnds) return <Banner>{t('expires', { seconds })}</Banner>;
  return (
    <Banner
      action={
        // The click itself is what keeps the session.
        <Button variant="default" onClick={() => void refetch()}>
          {t('stay')}
        </Button>
      }
    >
      {t('idle', { seconds })}
    </Banner>
  );
}
