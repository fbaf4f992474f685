import { nameOfPage } from '@/lib/values/path-segment';
import type { Metadata } from 'next';
import { getTranslations } from 'next-intl/server';
import { RetryPage } from '@/components/retries/retry-page';

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getTranslations('retryPage'))('title') };
}

export default async function Page({ params }: { params: Promise<{ id: string }> }) {
  return <RetryPage id={nameOfPage((await params).id)} />;
}
