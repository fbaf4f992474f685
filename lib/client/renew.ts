import type { QueryClient, QueryKey } from '@tanstack/react-query';

/**
 * Reads anew what a change has made old. A reading that is under way is given up first: it may have begun before the
 * change, and a first reading would otherwise be taken for the new one.
 * @param queryKey what to read anew; absent: everything
 */
export async function renew(client: QueryClient, queryKey?: QueryKey): Promise<void> {
  const filter = queryKey ? { queryKey } : {};
  await client.cancelQueries(filter);
  await client.invalidateQueries(filter);
}
