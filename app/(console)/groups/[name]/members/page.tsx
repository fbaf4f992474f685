import { GroupMembers } from '@/components/groups/group-members';

export default async function Page({ params }: { params: Promise<{ name: string }> }) {
  return <GroupMembers name={decodeURIComponent((await params).name)} />;
}
