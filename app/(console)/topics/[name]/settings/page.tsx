import { nameOfPage } from '@/lib/values/path-segment';
import { TopicSettings } from '@/components/topics/topic-settings';

export default async function Page({ params }: { params: Promise<{ name: string }> }) {
  return <TopicSettings name={nameOfPage((await params).name)} />;
}
