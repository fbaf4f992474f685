'use client';

import { IconDatabaseX } from '@tabler/icons-react';
import { useTranslations } from 'next-intl';
import { useFormat } from '@/components/ui/use-format';
import type { LossView } from '@/lib/contract/groups';
import classes from './groups.module.css';

/** Which messages left the log unread, and when. */
export function LossSentence({ loss }: { loss: LossView }) {
  const t = useTranslations('verdict.sentence');
  const format = useFormat();
  return t('lost_data', {
    count: loss.messages,
    topic: loss.topic,
    partition: loss.partition,
    from: format.number(Number(loss.from)),
    to: format.number(Number(loss.to) - 1),
    time: format.time(loss.at),
    certain: loss.isCertain ? 'yes' : 'no',
  });
}

export function LostDataChip() {
  const t = useTranslations('verdict');
  return (
    <span className={classes.lostData}>
      <IconDatabaseX size={13} aria-hidden /> {t('lost_data')}
    </span>
  );
}
