import { lazy } from '@/components/ui/lazy';
import { useState, type ReactNode } from 'react';
import type { FailureListRow } from '@/lib/contract/failures';

const RetryDialog = lazy(() =>
  import('@/components/retries/retry-dialog').then((module) => module.RetryDialog),
);

/** Retries a failure that is one message, out of a list: the dialog stays when the row is gone by then. */
export function useRetryOne(): { ask: (row: FailureListRow) => void; dialog: ReactNode } {
  const [asked, setAsked] = useState<FailureListRow | null>(null);
  return {
    ask: setAsked,
    dialog: asked?.only ? (
      <RetryDialog messageId={asked.only.id} groups={[asked.group]} onClose={() => setAsked(null)} />
    ) : null,
  };
}
