import { GroupFailures } from '@/components/groups/group-failures';

export default async function Page({ params }: { params: Promise<{ name: string }> }) {
  return <GroupFailures name={decodeURIComponent((await params).name)} />;
}
