import { cookies } from 'next/headers';
import { actorOf } from '@/lib/operations/sessions/current';
import type { Actor } from '@/lib/operations/context';
import { serverContext } from './server-context';

/** Who looks at a page, and at which cluster. Pages only redirect by it; each route under app/api checks for itself. */
export async function pageSession(): Promise<{
  actor: Actor;
  cluster: { name: string; environment: string };
}> {
  const context = await serverContext();
  const jar = await cookies();
  const token = jar.get('__Host-courier-session')?.value ?? jar.get('courier-session')?.value;
  const { name, environment } = context.cluster;
  return { actor: await actorOf(context, token), cluster: { name, environment } };
}
