import type { Metadata } from 'next';
import { getTranslations } from 'next-intl/server';
import { MessageListPage } from '@/components/messages/list/message-list-page';

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getTranslations('nav'))('messages') };
}

export default function Page() {
  return <MessageListPage />;
}
