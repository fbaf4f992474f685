'use client';

import { useTranslations } from 'next-intl';
import { useFormat } from '@/components/ui/use-format';
import type { TopicView } from '@/lib/contract/topics';

/** How long a topic keeps its records, as a sentence. */
export function Retention({ topic }: { topic: TopicView }) {
  const t = useTranslations('topics.retention');
  const format = useFormat();
  const { settings, oldestAt } = topic;
  if (!settings) return null;
  const { retentionMs, retentionBytes, compacted } = settings;
  const time = retentionMs === null ? '' : format.duration(retentionMs / 1_000);
  const size = retentionBytes === null ? '' : format.bytes(retentionBytes);
  const kept =
    time && size
      ? t('both', { time, size })
      : time
        ? t('time', { time })
        : size
          ? t('bytes', { size })
          : null;
  const parts = [
    kept ?? (compacted ? null : t('forever')),
    compacted ? t('compacted') : null,
    oldestAt
      ? t('oldest', { age: format.duration((Date.parse(topic.at) - Date.parse(oldestAt)) / 1_000) })
      : topic.brokerProblem
        ? null
        : t('empty'),
  ];
  return <>{parts.filter(Boolean).join('; ')}</>;
}
