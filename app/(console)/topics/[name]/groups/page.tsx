import { nameOfPage } from '@/lib/values/path-segment';
import { TopicGroups } from '@/components/topics/topic-tables';

export default async function Page({ params }: { params: Promise<{ name: string }> }) {
  return <TopicGroups name={nameOfPage((await params).name)} />;
}
