import { nameOfPage } from '@/lib/values/path-segment';
import { GroupFailures } from '@/components/groups/group-failures';

export default async function Page({ params }: { params: Promise<{ name: string }> }) {
  return <GroupFailures name={nameOfPage((await params).name)} />;
}
