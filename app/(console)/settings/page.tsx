import { Cluster } from '@/components/settings/cluster';

export default function Page() {
  return <Cluster />;
}
