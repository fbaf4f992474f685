'use client';

import { useTranslations } from 'next-intl';
import { useFormat } from '@/components/ui/use-format';

/** How long the oldest unread message has been waiting, as text; a dash where that is not known. */
export function useBehind(): (seconds: number | null, isAtLeast: boolean) => string {
  const t = useTranslations('groups');
  const format = useFormat();
  return (seconds, isAtLeast) =>
    seconds === null
      ? '–'
      : isAtLeast
        ? t('atLeast', { time: format.duration(seconds) })
        : format.duration(seconds);
}
