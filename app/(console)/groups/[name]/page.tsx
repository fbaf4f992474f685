import { nameOfPage } from '@/lib/values/path-segment';
import { GroupLag } from '@/components/groups/group-lag';

export default async function Page({ params }: { params: Promise<{ name: string }> }) {
  return <GroupLag name={nameOfPage((await params).name)} />;
}
