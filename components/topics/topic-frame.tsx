'use client';

import { topicPath } from '@/lib/contract/paths';
import { Button } from '@mantine/core';
import { useTranslations } from 'next-intl';
import { lazy } from '@/components/ui/lazy';
import { useState, type ReactNode } from 'react';
import { Link } from '@/components/page/link';
import { PageTabs } from '@/components/page/page-tabs';
import { PageProblem, Problem } from '@/components/page/problem';
import { Stale } from '@/components/page/stale';
import { Waiting } from '@/components/page/waiting';
import { Banner } from '@/components/ui/banner';
import { useOpened } from '@/lib/client/recent';
import { useTopic } from '@/lib/client/use-topics';
import { Retention } from './retention';
import classes from './topics.module.css';

const TestDialog = lazy(() => import('./test-dialog').then((module) => module.TestDialog));

/** The head above each tab of a topic: what it is, how long it keeps its records, and the actions on it. */
export function TopicFrame({ name, children }: { name: string; children: ReactNode }) {
  const t = useTranslations('topics');
  const query = useTopic(name);
  const { data, error } = query;
  const [testing, setTesting] = useState(false);
  useOpened(topicPath(name), data ? name : null);
  if (!data) {
    if (!error) return <Waiting isPage query={query} rows={8} label={t('loading')} />;
    return (
      <PageProblem
        error={error}
        gone={{ title: t('notFound', { name }), hint: <Problem error={error} /> }}
        action={<Link href="/topics">{t('toList')}</Link>}
        onAgain={() => void query.refetch()}
      />
    );
  }
  const path = topicPath(name);
  return (
    <>
      <div className="crumb">
        <Link href="/topics">{t('title')}</Link> <span aria-hidden>›</span> {t(`role.${data.role}`)}
      </div>
      <div className={classes.head}>
        <h1>{name}</h1>
        <span className="soft">
          <Retention topic={data} />
        </span>
        {data.can.publish.allowed ? (
          <span className="pageActions">
            <Button variant="default" onClick={() => setTesting(true)}>
              {t('test.open')}
            </Button>
          </span>
        ) : null}
      </div>
      <PageTabs
        label={name}
        tabs={[
          { href: path, words: t('tab.browse') },
          { href: `${path}/partitions`, words: t('tab.partitions'), count: data.partitions.length },
          { href: `${path}/groups`, words: t('tab.groups'), count: data.groups.length },
          { href: `${path}/settings`, words: t('tab.settings') },
        ]}
      />
      <Stale query={query} />
      {data.brokerProblem ? <Banner>{t('brokerAway', { reason: data.brokerProblem })}</Banner> : null}
      {children}
      {testing ? <TestDialog topic={name} onClose={() => setTesting(false)} /> : null}
    </>
  );
}
