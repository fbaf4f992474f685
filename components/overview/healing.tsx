'use client';

import { IconCircleCheck, IconRefresh, IconTrendingDown, IconUsers } from '@tabler/icons-react';
import { useTranslations } from 'next-intl';
import type { ReactNode } from 'react';
import { Link } from '@/components/page/link';
import { useFormat } from '@/components/ui/use-format';
import { useDrain } from '@/components/groups/use-drain';
import { failurePath, groupPath } from '@/lib/contract/paths';
import type { OverviewView } from '@/lib/contract/overview';
import classes from './overview.module.css';

/** What goes on or went well without anybody: what is still healing first. */
export function Healing({ overview }: { overview: OverviewView }) {
  const t = useTranslations('overview');
  const format = useFormat();
  const drainText = useDrain();
  const { healing, trying, healed, returned } = overview;
  if (healing.length + trying.length + healed.length + returned.length === 0) return null;
  return (
    <>
      <div className={classes.sectionHead}>
        <h2>{t('healing')}</h2> <span className="quiet">{t('healingHint')}</span>
      </div>
      <ul className={`panel ${classes.healed}`}>
        {healing.map(({ group, lag, drain }) => (
          <Line
            key={group}
            icon={<IconTrendingDown size={16} aria-hidden className={classes.going} />}
            time={t('now')}
            group={group}
            href={groupPath(group)}
          >
            {t('catching', { lag: lag ?? 0, time: drainText(drain) ?? 'none' })}
          </Line>
        ))}
        {trying.map((failure) => (
          <Line
            key={failurePath(failure)}
            icon={<IconRefresh size={16} aria-hidden className={classes.going} />}
            time={`${format.time(failure.firstAt)} – ${t('now')}`}
            group={failure.group}
            href={failurePath(failure)}
          >
            {t('trying', {
              error: failure.error ?? t('noError'),
              count: failure.messages,
              group: failure.group,
            })}
          </Line>
        ))}
        {returned.map(({ group, from, to }) => (
          <Line
            key={`returned ${group}`}
            icon={<IconUsers size={16} aria-hidden className={classes.done} />}
            time={`${format.time(from)} – ${format.time(to)}`}
            group={group}
            href={groupPath(group)}
          >
            {t('returned', { time: format.duration((Date.parse(to) - Date.parse(from)) / 1_000) })}
          </Line>
        ))}
        {healed.map((item) => (
          <Line
            key={`${item.group} ${item.error}`}
            icon={<IconCircleCheck size={16} aria-hidden className={classes.done} />}
            time={`${format.time(item.from)} – ${format.time(item.to)}`}
            group={item.group}
            href={`/messages?group=${encodeURIComponent(item.group)}&status=HANDLED${item.error ? `&error=${encodeURIComponent(item.error)}` : ''}`}
          >
            {t('healed', {
              error: item.error ?? t('noError'),
              count: item.messages,
              attempts: item.attempts,
            })}
          </Line>
        ))}
      </ul>
    </>
  );
}

function Line({
  icon,
  time,
  group,
  href,
  children,
}: {
  icon: ReactNode;
  time: string;
  group: string;
  href: string;
  children: ReactNode;
}) {
  return (
    <li>
      {icon}
      <span className={classes.span}>{time}</span>
      <Link href={href}>
        <b>{group}</b>
      </Link>
      <span>{children}</span>
    </li>
  );
}
