import type { Metadata } from 'next';
import { getTranslations } from 'next-intl/server';
import { OverviewPage } from '@/components/overview/overview-page';
import { pageSession } from '@/lib/http/page-session';

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getTranslations('overview'))('title') };
}

export default async function Page() {
  const { isDemo } = await pageSession();
  return <OverviewPage isDemo={isDemo} />;
}
