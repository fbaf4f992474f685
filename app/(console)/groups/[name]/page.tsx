import type { Metadata } from 'next';
import { GroupPage } from '@/components/groups/group-page';

type Props = { params: Promise<{ name: string }> };

export async function generateMetadata({ params }: Props): Promise<Metadata> {
  return { title: decodeURIComponent((await params).name) };
}

export default async function Page({ params }: Props) {
  return <GroupPage name={decodeURIComponent((await params).name)} />;
}
