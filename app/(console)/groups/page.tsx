import type { Metadata } from 'next';
import { getTranslations } from 'next-intl/server';
import { GroupListPage } from '@/components/groups/group-list-page';

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getTranslations('nav'))('groups') };
}

export default function Page() {
  return <GroupListPage />;
}
