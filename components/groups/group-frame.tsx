'use client';

import { groupPath } from '@/lib/contract/paths';
import { useTranslations } from 'next-intl';
import type { ReactNode } from 'react';
import { Link } from '@/components/page/link';
import { PageTabs } from '@/components/page/page-tabs';
import { PageProblem } from '@/components/page/problem';
import { Stale } from '@/components/page/stale';
import { Waiting } from '@/components/page/waiting';
import { lazy } from '@/components/ui/lazy';
import { useFormat } from '@/components/ui/use-format';
import { useOpened } from '@/lib/client/recent';
import { useGroup } from '@/lib/client/use-groups';
import { visibleName } from '@/lib/values/visible-name';
import { GroupTypeMark } from './group-type-mark';
import classes from './groups.module.css';
import { MoveButton } from './moves/move-button';
import { VerdictChip } from '@/components/status/verdict-chip';
import { VerdictSentence } from './verdict-sentence';

const ConsumerTroubles = lazy(() => import('./consumer-troubles').then((module) => module.ConsumerTroubles));

/** The head above each tab of a consumer group: its verdict and the reason for it. */
export function GroupFrame({ name, children }: { name: string; children: ReactNode }) {
  const t = useTranslations('groups');
  const query = useGroup(name);
  const format = useFormat();
  const { data, error } = query;
  const path = groupPath(name);
  useOpened(path, data ? visibleName(name) : null);
  if (!data) {
    if (!error) return <Waiting isPage query={query} rows={8} label={t('loading')} />;
    return (
      <PageProblem
        error={error}
        gone={{ title: t('notFound', { name }), hint: t('notFoundHint') }}
        action={<Link href="/groups">{t('toList')}</Link>}
        onAgain={() => void query.refetch()}
      />
    );
  }
  return (
    <>
      <div className="crumb">
        <Link href="/groups">{t('title')}</Link> <span aria-hidden>›</span>{' '}
        {data.topics.length > 0 ? t('reads', { topics: format.list(data.topics) }) : t('readsNothing')}
      </div>
      <div className={classes.head}>
        <h1>{visibleName(name)}</h1>
        <VerdictChip verdict={data.verdict} isOld={error !== null} isMeasuring={data.isMeasuring} />
        <GroupTypeMark type={data.type} />
        <span className={classes.headSentence}>
          <VerdictSentence group={data} />
        </span>
        <span className={classes.headAction}>
          <MoveButton group={data} />
        </span>
      </div>
      <PageTabs
        label={visibleName(name)}
        tabs={[
          { href: path, words: t('tab.lag') },
          { href: `${path}/members`, words: t('tab.members'), count: data.members ?? undefined },
          { href: `${path}/failures`, words: t('tab.failures'), count: data.failures },
          { href: `${path}/history`, words: t('tab.history') },
        ]}
      />
      <Stale query={query} everySeconds={data.everySeconds} />
      {data.troubles.length > 0 ? <ConsumerTroubles troubles={data.troubles} /> : null}
      {children}
    </>
  );
}
