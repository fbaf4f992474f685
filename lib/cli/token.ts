import { CourierError } from '@/lib/errors';
import { createServiceToken } from '@/lib/operations/tokens/find';
import { withContexts } from './with-context';

/** Makes a service's token and prints it once. */
export async function makeToken([service]: string[]): Promise<void> {
  if (!service) throw new CourierError('invalid_input', 'Name the service: courier token <service>.');
  const token = await withContexts('courier token', ([context]) => createServiceToken(context, service));
  console.log(`\n  COURIER_TOKEN=${token}   (shown once; an older token of ${service} has ended)\n`);
}
