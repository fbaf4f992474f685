import type { Metadata } from 'next';
import { TopicPage } from '@/components/topics/topic-page';

type Props = { params: Promise<{ name: string }> };

export async function generateMetadata({ params }: Props): Promise<Metadata> {
  return { title: decodeURIComponent((await params).name) };
}

export default async function Page({ params }: Props) {
  return <TopicPage name={decodeURIComponent((await params).name)} />;
}
