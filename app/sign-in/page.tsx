import type { Metadata } from 'next';
import { getTranslations } from 'next-intl/server';
import { redirect } from 'next/navigation';
import { SignInPage } from '@/components/sessions/sign-in-page';
import { safePath } from '@/lib/values/safe-path';
import { pageSession } from '@/lib/http/page-session';

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getTranslations('signIn'))('button') };
}

export default async function Page({ searchParams }: { searchParams: Promise<{ to?: string | string[] }> }) {
  const { to } = await searchParams;
  const target = safePath(typeof to === 'string' ? to : undefined);
  const { actor, clusters } = await pageSession();
  if (actor && actor.role !== 'anonymous') redirect(target);
  return <SignInPage to={target} clusters={clusters} />;
}
