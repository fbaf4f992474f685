import { getLocale } from 'next-intl/server';
import type { ReactNode } from 'react';
import { MoreWords } from '@/components/page/more-words';
import { wordsOf, type WordFile } from '@/i18n/words';

/** Sends the words that the pages below need to the browser; a test holds the lists to what the pages use. */
export async function Words({ of, children }: { of: WordFile[]; children: ReactNode }) {
  return <MoreWords words={wordsOf(await getLocale(), of)}>{children}</MoreWords>;
}
