import { headers } from 'next/headers';
import { redirect } from 'next/navigation';
import type { ReactNode } from 'react';
import { Shell } from '@/components/shell/shell';
import { pageSession } from '@/lib/http/page-session';

export default async function ConsoleLayout({ children }: { children: ReactNode }) {
  const { actor, clusters, isDemo } = await pageSession();
  if (actor?.role === 'anonymous') {
    const path = (await headers()).get('x-path') ?? '/';
    redirect(`/sign-in?to=${encodeURIComponent(path)}`);
  }
  return (
    <Shell operator={actor?.name ?? null} clusters={clusters} isDemo={isDemo}>
      {children}
    </Shell>
  );
}
