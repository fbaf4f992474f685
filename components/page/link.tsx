'use client';

import NextLink from 'next/link';
import { useRouter, useSearchParams } from 'next/navigation';
import { useCallback, type ComponentProps } from 'react';
import { onCluster } from '@/lib/client/cluster';

/** A link to another page of the console that keeps the selected cluster. */
export function Link({ href, ...rest }: Omit<ComponentProps<typeof NextLink>, 'href'> & { href: string }) {
  const search = useSearchParams();
  return <NextLink href={onCluster(href, search)} {...rest} />;
}

/** Goes to another page of the console, as `Link` does. */
export function useGo(): (path: string) => void {
  const router = useRouter();
  const search = useSearchParams();
  return useCallback((path: string) => router.push(onCluster(path, search)), [router, search]);
}
