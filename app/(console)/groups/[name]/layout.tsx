import { nameOfPage } from '@/lib/values/path-segment';
import type { Metadata } from 'next';
import type { ReactNode } from 'react';
import { Words } from '@/app/words';
import { GroupFrame } from '@/components/groups/group-frame';
import { visibleName } from '@/lib/values/visible-name';

type Props = { params: Promise<{ name: string }>; children: ReactNode };

export async function generateMetadata({ params }: Props): Promise<Metadata> {
  return { title: visibleName(nameOfPage((await params).name)) };
}

export default async function Layout({ params, children }: Props) {
  return (
    <Words of={['trouble']}>
      <GroupFrame name={nameOfPage((await params).name)}>{children}</GroupFrame>
    </Words>
  );
}
