import type { Metadata } from 'next';
import { getTranslations } from 'next-intl/server';
import { FailureListPage } from '@/components/failures/failure-list-page';

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getTranslations('failures'))('title') };
}

export default function Page() {
  return <FailureListPage />;
}
