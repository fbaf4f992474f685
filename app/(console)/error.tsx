'use client';

import { BrokenPage } from '@/components/shell/broken-page';

/** Inside the console, so that one may go elsewhere. */
export default function ErrorPage({
  error,
  reset,
}: {
  error: Error & { digest?: string };
  reset: () => void;
}) {
  return <BrokenPage error={error} onAgain={reset} />;
}
