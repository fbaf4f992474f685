'use client';

import { Button, Tabs } from '@mantine/core';
import { useTranslations } from 'next-intl';
import dynamic from 'next/dynamic';
import { parseAsStringLiteral, useQueryState } from 'nuqs';
import { useState } from 'react';
import { Link } from '@/components/shell/link';
import { PageProblem, Problem } from '@/components/shell/problem';
import { Stale } from '@/components/shell/stale';
import { Waiting } from '@/components/shell/waiting';
import { Banner } from '@/components/ui/banner';
import { useTopic } from '@/lib/client/use-topics';
import { Browse } from './browse';
import { Retention } from './retention';
import { TopicGroups, TopicPartitions } from './topic-tables';
import { TopicSettings } from './topic-settings';
import classes from './topics.module.css';

const TestDialog = dynamic(() => import('./test-dialog').then((module) => module.TestDialog), { ssr: false });

const TABS = ['browse', 'partitions', 'groups', 'settings'] as const;

/** One topic: its records, its partitions, who reads it, what Courier keeps of it. */
export function TopicPage({ name }: { name: string }) {
  const t = useTranslations('topics');
  const query = useTopic(name);
  const { data, error } = query;
  const [tab, setTab] = useQueryState(
    'tab',
    parseAsStringLiteral(TABS).withDefault('browse').withOptions({ history: 'push' }),
  );
  const [testing, setTesting] = useState(false);
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
  return (
    <>
      <div className="crumb">
        <Link href="/topics">{t('title')}</Link> › {t(`role.${data.role}`)}
      </div>
      <div className={classes.head}>
        <h1>{name}</h1>
        <span className="soft">
          <Retention topic={data} />
        </span>
        {data.can.publish ? (
          <span className="pageActions">
            <Button variant="default" onClick={() => setTesting(true)}>
              {t('test.open')}
            </Button>
          </span>
        ) : null}
      </div>
      <Stale query={query} />
      {data.brokerProblem ? <Banner>{t('brokerAway', { reason: data.brokerProblem })}</Banner> : null}
      <Tabs value={tab} onChange={(next) => void setTab(next as (typeof TABS)[number])} keepMounted={false}>
        <Tabs.List>
          {TABS.map((one) => (
            <Tabs.Tab key={one} value={one}>
              {t(`tab.${one}`)}
            </Tabs.Tab>
          ))}
        </Tabs.List>
        <Tabs.Panel value="browse" pt={12}>
          <Browse name={name} partitions={data.partitions.length} />
        </Tabs.Panel>
        <Tabs.Panel value="partitions" pt={12}>
          <TopicPartitions topic={data} />
        </Tabs.Panel>
        <Tabs.Panel value="groups" pt={12}>
          <TopicGroups topic={data} />
        </Tabs.Panel>
        <Tabs.Panel value="settings" pt={12}>
          <TopicSettings topic={data} />
        </Tabs.Panel>
      </Tabs>
      {testing ? <TestDialog topic={name} onClose={() => setTesting(false)} /> : null}
    </>
  );
}
