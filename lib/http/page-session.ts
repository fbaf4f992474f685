import { headers } from 'next/headers';
import { actorOf } from '@/lib/operations/sessions/current';
import type { Actor } from '@/lib/operations/context';
import { serverContexts } from './server-context';
import { sessionTokens } from './session-cookie';

/** Who looks at a page, and which clusters there are. Pages only redirect by it; each route under app/api checks for itself. */
export async function pageSession(): Promise<{
  actor: Actor;
  clusters: { name: string; environment: string }[];
  /** Whether `npm run demo` started this Courier. */
  isDemo: boolean;
}> {
  const contexts = await serverContexts();
  const [first] = contexts;
  const tokens = sessionTokens(await headers(), first);
  const clusters = contexts.map(({ cluster: { name, environment } }) => ({ name, environment }));
  const isDemo = first.settings.COURIER_DEMO !== undefined;
  return { actor: await actorOf(first, tokens), clusters, isDemo };
}
