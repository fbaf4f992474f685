import { TopicSettings } from '@/components/topics/topic-settings';

export default async function Page({ params }: { params: Promise<{ name: string }> }) {
  return <TopicSettings name={decodeURIComponent((await params).name)} />;
}
