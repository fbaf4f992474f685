import { nameOfPage } from '@/lib/values/path-segment';
import type { Metadata } from 'next';
import type { ReactNode } from 'react';
import { Words } from '@/app/words';
import { TopicFrame } from '@/components/topics/topic-frame';

type Props = { params: Promise<{ name: string }>; children: ReactNode };

export async function generateMetadata({ params }: Props): Promise<Metadata> {
  return { title: nameOfPage((await params).name) };
}

export default async function Layout({ params, children }: Props) {
  // A record's value and headers have the words of a message's.
  return (
    <Words of={['topics', 'messages']}>
      <TopicFrame name={nameOfPage((await params).name)}>{children}</TopicFrame>
    </Words>
  );
}
