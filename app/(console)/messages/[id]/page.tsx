import { nameOfPage } from '@/lib/values/path-segment';
import type { Metadata } from 'next';
import { MessagePage } from '@/components/messages/page/message-page';
import { shortId } from '@/lib/protocol/uuid';

type Props = { params: Promise<{ id: string }> };

export async function generateMetadata({ params }: Props): Promise<Metadata> {
  return { title: shortId((await params).id) };
}

export default async function Page({ params }: Props) {
  return <MessagePage id={nameOfPage((await params).id)} />;
}
