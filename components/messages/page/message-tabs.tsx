'use client';

import { Tabs } from '@mantine/core';
import { useTranslations } from 'next-intl';
import { parseAsStringLiteral, useQueryState } from 'nuqs';
import { RetryList } from '@/components/retries/retry-list';
import type { MessageStory } from '@/lib/contract/messages';
import { AttemptList, listedAttempts } from './attempt-list';
import { DeliveryList } from './delivery-list';
import { FactList } from './fact-list';
import { HeaderList } from './header-list';
import classes from './message.module.css';
import { Payload } from './payload';
import { Related } from './related';

const TABS = ['payload', 'headers', 'attempts', 'deliveries', 'related', 'retries', 'facts'] as const;

/** What a message carries, and each thing that happened to it, in tabs. */
export function MessageTabs({
  story,
  onRetry,
}: {
  story: MessageStory;
  onRetry: (groups: string[]) => void;
}) {
  const t = useTranslations('message');
  const [tab, setTab] = useQueryState('tab', parseAsStringLiteral(TABS).withDefault('payload'));
  const counts: Partial<Record<(typeof TABS)[number], number>> = {
    attempts: listedAttempts(story.attempts).length,
    deliveries: story.deliveries.length,
    retries: story.retries.length,
    facts: story.facts.length,
  };
  return (
    <Tabs value={tab} onChange={(next) => void setTab(next as (typeof TABS)[number])} keepMounted={false}>
      <Tabs.List className={classes.tabs}>
        {TABS.map((item) => (
          <Tabs.Tab key={item} value={item}>
            {t(`tab.${item}`)}{' '}
            {counts[item] === undefined ? null : <span className={classes.count}>{counts[item]}</span>}
          </Tabs.Tab>
        ))}
      </Tabs.List>
      <Tabs.Panel value="payload">
        <Payload id={story.id} />
      </Tabs.Panel>
      <Tabs.Panel value="headers">
        <HeaderList id={story.id} positions={story.positions} />
      </Tabs.Panel>
      <Tabs.Panel value="attempts">
        <AttemptList attempts={story.attempts} />
      </Tabs.Panel>
      <Tabs.Panel value="deliveries">
        <DeliveryList story={story} onRetry={onRetry} />
      </Tabs.Panel>
      <Tabs.Panel value="related">
        <Related story={story} />
      </Tabs.Panel>
      <Tabs.Panel value="retries">
        <RetryList items={story.retries} />
      </Tabs.Panel>
      <Tabs.Panel value="facts">
        <FactList story={story} />
      </Tabs.Panel>
    </Tabs>
  );
}
