import { headers } from 'next/headers';
import { readSettings, type Settings } from '@/lib/config';
import { CourierError } from '@/lib/errors';
import { actorOf } from '@/lib/operations/sessions/current';
import type { Actor } from '@/lib/context/context';
import { storeErrorOf } from '@/lib/store-errors';
import { serverContexts } from './server-context';
import { sessionTokens } from './session-cookie';

let settings: Settings | undefined;

/** The session of a page request, and the clusters. Pages use it only to redirect; each route under app/api authorizes itself. */
export async function pageSession(): Promise<{
  /** null: unknown, because the store is unavailable. */
  actor: Actor | null;
  clusters: { name: string; environment: string }[];
  /** Whether `npm run demo` started this Courier. */
  isDemo: boolean;
}> {
  // The variables and files of a process are read once, as its contexts are made once.
  settings ??= readSettings();
  const clusters = settings.clusters.map(({ name, environment }) => ({ name, environment }));
  return { actor: await actorOfPage(), clusters, isDemo: settings.COURIER_DEMO !== undefined };
}

async function actorOfPage(): Promise<Actor | null> {
  const carried = await headers();
  try {
    const [first] = await serverContexts();
    return await actorOf(first, sessionTokens(carried, first));
  } catch (error) {
    // An empty page explains the outage of the store better than an error page; its requests detect when the store is back.
    const isOfStore = error instanceof CourierError ? error.status === 503 : storeErrorOf(error) !== null;
    if (isOfStore) return null;
    throw error;
  }
}
