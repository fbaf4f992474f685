import type { Metadata } from 'next';
import { getTranslations } from 'next-intl/server';
import { HappenedPage } from '@/components/episodes/happened-page';

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getTranslations('episodes'))('title') };
}

export default function Page() {
  return <HappenedPage />;
}
