'use client';

import { usePathname, useSearchParams } from 'next/navigation';
import { useEffect } from 'react';
import { readRecent } from '@/lib/client/recent';
import { demoStepsAt, tickDemoStep, useDemo } from '@/lib/client/use-demo';

/** In the demo only: notices which of the five things to try a person does. */
export function DemoSteps() {
  const { data } = useDemo();
  const path = usePathname();
  const query = useSearchParams().toString();
  const why = data?.things?.find(({ step }) => step === 'why')?.href ?? null;
  useEffect(() => {
    const isFound =
      path.startsWith('/messages/') && readRecent().some((item) => item.href === path && item.found);
    for (const step of demoStepsAt(path, `?${query}`, why, isFound)) tickDemoStep(step);
  }, [path, query, why]);
  return null;
}
