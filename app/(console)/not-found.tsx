import type { Metadata } from 'next';
import { getTranslations } from 'next-intl/server';
import { Link } from '@/components/page/link';
import { State } from '@/components/ui/state';

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getTranslations('notFound'))('page') };
}

export default async function NotFound() {
  const t = await getTranslations('notFound');
  return (
    <State isPage title={t('page')} action={<Link href="/messages">{t('toMessages')}</Link>}>
      {t('pageHint')}
    </State>
  );
}
