'use client';

import { useTranslations } from 'next-intl';
import { isAllRead, type NotRead } from '@/lib/domain/workers/reading';

/** What a search could not find because Courier has not read it; nothing where everything is read. */
export function NotReadYet({ notRead }: { notRead: NotRead }) {
  const t = useTranslations('notRead');
  if (isAllRead(notRead)) return null;
  const { records, partitions, older } = notRead;
  return (
    <>
      {records === null ? `${t('unknown')} ` : records > 0 ? `${t('records', { count: records })} ` : null}
      {partitions > 0 ? `${t('partitions', { count: partitions })} ` : null}
      {older > 0 ? `${t('older', { count: older })} ` : null}
    </>
  );
}
