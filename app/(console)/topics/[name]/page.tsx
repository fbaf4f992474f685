import { nameOfPage } from '@/lib/values/path-segment';
import { Browse } from '@/components/topics/browse';

export default async function Page({ params }: { params: Promise<{ name: string }> }) {
  return <Browse name={nameOfPage((await params).name)} />;
}
