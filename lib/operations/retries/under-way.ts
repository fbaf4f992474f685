import { isAnythingOpen } from '@/lib/store/retries/open';
import type { Context } from '../context';

/** Whether anything that Courier sends on a cluster is under way; one cheap question, asked several times a second. */
export function isAnythingUnderWay({ store, cluster }: Context): Promise<boolean> {
  return isAnythingOpen(store, cluster.id);
}
