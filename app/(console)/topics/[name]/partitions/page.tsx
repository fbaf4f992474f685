import { TopicPartitions } from '@/components/topics/topic-tables';

export default async function Page({ params }: { params: Promise<{ name: string }> }) {
  return <TopicPartitions name={decodeURIComponent((await params).name)} />;
}
