import { Cluster } from '@/components/settings/cluster';
import { pageSession } from '@/lib/http/page-session';

export default async function Page() {
  const { actor, clusters } = await pageSession();
  // The layout sends strangers away, but a page can be asked for without its layout.
  return <Cluster clusters={actor && actor.role !== 'anonymous' ? clusters : []} />;
}
