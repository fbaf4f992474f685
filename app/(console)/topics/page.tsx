import type { Metadata } from 'next';
import { getTranslations } from 'next-intl/server';
import { TopicListPage } from '@/components/topics/topic-list-page';

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getTranslations('topics'))('title') };
}

export default function Page() {
  return <TopicListPage />;
}
