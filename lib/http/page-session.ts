import { cookies, headers } from 'next/headers';
import { actorOf } from '@/lib/operations/sessions/current';
import type { Actor } from '@/lib/operations/context';
import { serverContexts } from './server-context';
import { cookieName } from './session-cookie';

/** Who looks at a page, and which clusters there are. Pages only redirect by it; each route under app/api checks for itself. */
export async function pageSession(): Promise<{
  actor: Actor;
  clusters: { name: string; environment: string }[];
  /** Whether `npm run demo` started this Courier. */
  isDemo: boolean;
}> {
  const contexts = await serverContexts();
  const jar = await cookies();
  const protocol = (await headers()).get('x-forwarded-proto') ?? 'http';
  const token = jar.get(cookieName(contexts[0].settings, `${protocol}://`))?.value;
  const clusters = contexts.map(({ cluster: { name, environment } }) => ({ name, environment }));
  const isDemo = contexts[0].settings.COURIER_DEMO !== undefined;
  return { actor: await actorOf(contexts[0], token), clusters, isDemo };
}
