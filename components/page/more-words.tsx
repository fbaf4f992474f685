'use client';

import { NextIntlClientProvider, useLocale, useMessages, type Messages } from 'next-intl';
import { useMemo, type ReactNode } from 'react';

/** Adds words to those that the frame around it has. */
export function MoreWords({ words, children }: { words: Partial<Messages>; children: ReactNode }) {
  const outer = useMessages();
  const messages = useMemo(() => ({ ...outer, ...words }), [outer, words]);
  return (
    <NextIntlClientProvider locale={useLocale()} messages={messages}>
      {children}
    </NextIntlClientProvider>
  );
}
