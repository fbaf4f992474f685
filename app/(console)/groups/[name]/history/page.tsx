import { nameOfPage } from '@/lib/values/path-segment';
import { GroupHistory } from '@/components/groups/group-history';

export default async function Page({ params }: { params: Promise<{ name: string }> }) {
  return <GroupHistory name={nameOfPage((await params).name)} />;
}
