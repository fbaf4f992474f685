'use client';

import { lazy } from '@/components/ui/lazy';

const BrokenPage = lazy(() => import('@/components/page/broken-page').then((module) => module.BrokenPage));

export default function ErrorPage({
  error,
  reset,
}: {
  error: Error & { digest?: string };
  reset: () => void;
}) {
  return <BrokenPage error={error} onAgain={reset} />;
}
