import { nameOfPage } from '@/lib/values/path-segment';
import { TopicPartitions } from '@/components/topics/topic-tables';

export default async function Page({ params }: { params: Promise<{ name: string }> }) {
  return <TopicPartitions name={nameOfPage((await params).name)} />;
}
