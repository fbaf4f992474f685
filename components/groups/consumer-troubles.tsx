'use client';

import { useTranslations } from 'next-intl';
import { Banner } from '@/components/ui/banner';
import { useFormat } from '@/components/ui/use-format';
import type { ConsumerTrouble } from '@/lib/contract/groups';
import classes from './groups.module.css';

const MAX_SHOWN = 5;

/** What the services of a group report of their own consumers: what they can't do now, and what went wrong before. */
export function ConsumerTroubles({ troubles }: { troubles: ConsumerTrouble[] }) {
  const t = useTranslations('trouble');
  // Those that can't work now come first.
  const ordered = troubles.toSorted((a, b) => b.problems.length - a.problems.length);
  const isNow = ordered[0] !== undefined && ordered[0].problems.length > 0;
  const list = (
    <ul className={classes.troubles} aria-label={t('label')}>
      {ordered.slice(0, MAX_SHOWN).map((trouble) => (
        <li key={`${trouble.service} ${trouble.host} ${trouble.process}`}>
          <InstanceTrouble trouble={trouble} />
        </li>
      ))}
      {ordered.length > MAX_SHOWN ? <li>{t('more', { count: ordered.length - MAX_SHOWN })}</li> : null}
    </ul>
  );
  return isNow ? <Banner>{list}</Banner> : <div className={classes.pastTroubles}>{list}</div>;
}

/** What one instance reports. @param group whose consumers they are, where the page is not about one */
export function InstanceTrouble({ trouble, group }: { trouble: ConsumerTrouble; group?: string }) {
  const t = useTranslations('trouble');
  const format = useFormat();
  const { service, host, problems, crashes, unreadable } = trouble;
  return (
    <>
      <b>{group ? t('inGroup', { group, service, host }) : t('instance', { service, host })}</b>
      {problems.map(({ consumer, what, error, message, since }) => (
        <div key={`${consumer} ${what}`}>
          {t(`${consumer}.${what}`, { since: format.time(since) })} <code>{`${error}: ${message}`}</code>
        </div>
      ))}
      {crashes > 0 || unreadable > 0 ? (
        <div className="quiet">
          {crashes > 0 ? t('crashes', { count: crashes }) : null}{' '}
          {unreadable > 0 ? t('unreadable', { count: unreadable }) : null}
          {problems.length === 0 ? ` ${t('worksNow')}` : null}
        </div>
      ) : null}
    </>
  );
}
