import { rebuild, type RebuildResult } from '@/lib/store/facts/rebuild';
import type { Context } from '../context';

/** Derives messages and deliveries anew from the facts. @param onProgress called with the messages done so far */
export function rebuildFromFacts(
  context: Context,
  onProgress: (messages: number) => void,
): Promise<RebuildResult> {
  return rebuild(context.store, context.catalog, onProgress);
}
