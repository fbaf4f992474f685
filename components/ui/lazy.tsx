'use client';

import dynamic from 'next/dynamic';
import type { ComponentType, ReactNode } from 'react';
import { loadPart } from './updated';

/**
 * A component that is loaded once the page is there. One that can't be loaded is left out, and the page explains why; it
 * must never take the page down.
 * @param loading renders a placeholder meanwhile
 */
export function lazy<Props extends object>(
  load: () => Promise<ComponentType<Props>>,
  loading?: () => ReactNode,
): ComponentType<Props> {
  return dynamic(async () => (await loadPart(load)) ?? Nothing, {
    ssr: false,
    ...(loading ? { loading } : {}),
  });
}

function Nothing(): null {
  return null;
}
