'use client';

import { useTranslations } from 'next-intl';
import { useFormat } from '@/components/ui/use-format';
import type { DrainView } from '@/lib/contract/groups';

/** Bounds that differ by less than this factor are one time. */
const SAME = 1.3;

/** Time until a group has caught up: one time, or a band where its rates vary; null where it is not known or never. */
export function useDrain(): (drain: DrainView) => string | null {
  const t = useTranslations('drain');
  const format = useFormat();
  return (drain) => {
    if (drain.kind !== 'time') return null;
    const { lowSeconds, highSeconds } = drain;
    const [low, high] = [format.duration(lowSeconds), format.duration(highSeconds)];
    if (low === high || highSeconds < lowSeconds * SAME) return high;
    return lowSeconds < 1 ? t('within', { high }) : t('band', { low, high });
  };
}
