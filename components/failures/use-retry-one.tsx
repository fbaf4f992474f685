import dynamic from 'next/dynamic';
import { useState, type ReactNode } from 'react';
import type { FailureListRow } from '@/lib/domain/failure-views';

const RetryDialog = dynamic(
  () => import('@/components/retries/retry-dialog').then((module) => module.RetryDialog),
  { ssr: false },
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
