import { RecordPage } from '@/components/topics/record-page';
import { nameOfPage } from '@/lib/values/path-segment';

type Props = { params: Promise<{ name: string; partition: string; offset: string }> };

export default async function Page({ params }: Props) {
  const { name, partition, offset } = await params;
  return (
    <RecordPage topic={nameOfPage(name)} partition={nameOfPage(partition)} offset={nameOfPage(offset)} />
  );
}
