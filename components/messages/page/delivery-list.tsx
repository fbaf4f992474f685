'use client';

import { groupPath } from '@/lib/contract/paths';
import { Button } from '@mantine/core';
import { useTranslations } from 'next-intl';
import { Link } from '@/components/page/link';
import { useFormat } from '@/components/ui/use-format';
import type { MessageStory } from '@/lib/contract/messages';
import classes from './message.module.css';
import { StatusChip } from '@/components/status/status-chip';

/** One row for each group that should get the message. */
export function DeliveryList({
  story,
  onRetry,
}: {
  story: MessageStory;
  onRetry: (groups: string[]) => void;
}) {
  const t = useTranslations('deliveries');
  const format = useFormat();
  if (story.deliveries.length === 0) return <p className={classes.empty}>{t('none')}</p>;
  return (
    <table className={`${classes.plain} ${classes.deliveries} phoneRows labelled`} aria-label={t('label')}>
      <thead>
        <tr>
          <th>{t('group')}</th>
          <th>{t('status')}</th>
          <th>{t('error')}</th>
          <th className="num">{t('attempts')}</th>
          <th className="num">{t('last')}</th>
          <th />
        </tr>
      </thead>
      <tbody>
        {story.deliveries.map((delivery) => (
          <tr key={delivery.group}>
            <td>
              <Link href={groupPath(delivery.group)}>{delivery.group}</Link>
            </td>
            <td className={classes.deliveryStatus}>
              <StatusChip status={delivery.status} detail={delivery.detail} />
            </td>
            <td className={classes.deliveryError}>
              {delivery.error
                ? `${delivery.status === 'HANDLED' ? t('before') : ''} ${delivery.error.type}`
                : ''}
            </td>
            <td className="num onWide">{delivery.attempts}</td>
            <td className={`num ${classes.lastAt}`} title={format.stamp(delivery.lastAt)}>
              {format.time(delivery.lastAt)}
            </td>
            <td className={`num ${classes.again}`}>
              {story.can.retry.allowed && story.can.retry.groups.includes(delivery.group) ? (
                <Button size="compact-xs" variant="default" onClick={() => onRetry([delivery.group])}>
                  {t('retry')}
                </Button>
              ) : null}
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
