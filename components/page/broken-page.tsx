'use client';

import { Button } from '@mantine/core';
import { useQueryClient } from '@tanstack/react-query';
import { useTranslations } from 'next-intl';
import { useRouter } from 'next/navigation';
import { startTransition, useEffect } from 'react';
import { State } from '@/components/ui/state';
import { isPartMissing } from '@/components/ui/updated';

const AGAIN_MS = 10_000;
/**
 * Until the next try by itself. Each asks the server for the page, which counts as something that a person does: they come
 * less and less often, so that a session at a page that fails for long ends when its person is away.
 */
let waitMs = AGAIN_MS;
let triedAt = 0;

/** In place of a page that failed: what it is called in the log, and another try, by itself as well. */
export function BrokenPage({ error, onAgain }: { error: Error & { digest?: string }; onAgain: () => void }) {
  const t = useTranslations('brokenPage');
  const notices = useTranslations('notices');
  const router = useRouter();
  const client = useQueryClient();
  const isMissing = isPartMissing(error);
  const again = (): void => {
    // What the page could not be made of must not be what it is made of again.
    client.removeQueries({ type: 'inactive' });
    startTransition(() => {
      router.refresh();
      onAgain();
    });
  };
  useEffect(() => {
    // Without its part the page can only be loaded anew, which is the person's to do: something may be typed elsewhere.
    if (isMissing) return;
    if (Date.now() - triedAt > 2 * waitMs) waitMs = AGAIN_MS;
    const timer = setTimeout(() => {
      triedAt = Date.now();
      waitMs *= 2;
      again();
    }, waitMs);
    return () => clearTimeout(timer);
  });
  if (isMissing) {
    return (
      <State
        isPage
        title={notices('updated')}
        action={<Button onClick={() => location.reload()}>{notices('reload')}</Button>}
      />
    );
  }
  return (
    <State
      isPage
      title={t('title')}
      action={
        <Button variant="default" onClick={again}>
          {t('again')}
        </Button>
      }
    >
      <p>{t('hint')}</p>
      {error.digest ? <p>{t('reference', { reference: error.digest })}</p> : null}
    </State>
  );
}
