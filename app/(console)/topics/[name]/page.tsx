import { Browse } from '@/components/topics/browse';

export default async function Page({ params }: { params: Promise<{ name: string }> }) {
  return <Browse name={decodeURIComponent((await params).name)} />;
}
