import { getTranslations } from 'next-intl/server';
import Link from 'next/link';

export default async function NotFound() {
  const t = await getTranslations('notFound');
  return (
    <main className="lonely">
      <h1>{t('page')}</h1>
      <p>{t('pageHint')}</p>
      <Link href="/messages">{t('toMessages')}</Link>
    </main>
  );
}
