import { nameOfPage } from '@/lib/values/path-segment';
import { GroupMembers } from '@/components/groups/group-members';

export default async function Page({ params }: { params: Promise<{ name: string }> }) {
  return <GroupMembers name={nameOfPage((await params).name)} />;
}
