import { Indexing } from '@/components/settings/indexing';

export default function Page() {
  return <Indexing />;
}
