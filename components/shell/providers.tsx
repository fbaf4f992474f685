'use client';

import { MantineProvider } from '@mantine/core';
import { MutationCache, QueryCache, QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { setNonce } from 'get-nonce';
import { lazy } from '@/components/ui/lazy';
import { NuqsAdapter } from 'nuqs/adapters/next/app';
import { useState, type ReactNode } from 'react';
import { cssVariables, theme } from '@/components/ui/theme';
import { RenderedDayProvider } from '@/components/ui/today';
import { ApiError, isSignedOut } from '@/lib/client/api';
import { announceSignedOut } from '@/lib/client/signed-out';

const Notifications = lazy(() => import('@mantine/notifications').then((module) => module.Notifications));

/**
 * The providers around every page.
 * @param nonce of this page's Content-Security-Policy
 * @param day on which the server rendered it, as `2026-11-29`
 */
export function Providers({ nonce, day, children }: { nonce: string; day: string; children: ReactNode }) {
  // react-remove-scroll writes a style tag each time a dialog opens.
  setNonce(nonce);
  const [client] = useState(makeClient);
  return (
    <QueryClientProvider client={client}>
      <NuqsAdapter>
        <MantineProvider
          theme={theme}
          cssVariablesResolver={cssVariables}
          defaultColorScheme="auto"
          getStyleNonce={() => nonce}
        >
          <Notifications position="bottom-right" limit={3} />
          <RenderedDayProvider value={day}>{children}</RenderedDayProvider>
        </MantineProvider>
      </NuqsAdapter>
    </QueryClientProvider>
  );
}

function makeClient(): QueryClient {
  const onError = (error: Error) => {
    if (isSignedOut(error)) announceSignedOut();
  };
  return new QueryClient({
    queryCache: new QueryCache({ onError }),
    mutationCache: new MutationCache({ onError }),
    defaultOptions: {
      queries: {
        staleTime: 1_000,
        refetchOnWindowFocus: true,
        retry: (count, error) =>
          count < 2 && error instanceof ApiError && (error.status === 0 || error.status >= 500),
      },
    },
  });
}
