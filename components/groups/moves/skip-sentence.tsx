'use client';

import { useTranslations } from 'next-intl';
import { useFormat } from '@/components/ui/use-format';
import type { SkipView } from '@/lib/contract/groups';

/** Who had which record skipped, and what became of it. */
export function SkipSentence({ skip }: { skip: SkipView }) {
  const t = useTranslations('groups.skip');
  const format = useFormat();
  return (
    <span>
      {t('sentence', {
        by: skip.by,
        time: format.time(skip.at),
        topic: skip.topic,
        partition: skip.partition,
        offset: skip.offset,
      })}{' '}
      {skip.reason ? <span className="quiet">{t('reason', { reason: skip.reason })} </span> : null}
      <b data-state={skip.state}>{t(`state.${skip.state}`, { by: skip.doneBy ?? '–' })}</b>
    </span>
  );
}
