import type { Metadata } from 'next';
import { getTranslations } from 'next-intl/server';
import { RetryListPage } from '@/components/retries/retry-list-page';

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getTranslations('retryPage'))('title') };
}

export default function Page() {
  return <RetryListPage ended={false} />;
}
