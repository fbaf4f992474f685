import type { Metadata } from 'next';
import { getTranslations } from 'next-intl/server';
import { DeadLetterTopicsPage } from '@/components/failures/dead-letter-topics-page';

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getTranslations('failures'))('tab.deadLetters') };
}

export default function Page() {
  return <DeadLetterTopicsPage />;
}
