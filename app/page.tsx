import { redirect } from 'next/navigation';
import { onCluster } from '@/lib/client/cluster';

/** The first page is the answer. */
export default async function Home({
  searchParams,
}: {
  searchParams: Promise<{ cluster?: string | string[] }>;
}): Promise<never> {
  const { cluster } = await searchParams;
  redirect(onCluster('/overview', typeof cluster === 'string' ? new URLSearchParams({ cluster }) : ''));
}
