'use client';

import { useTranslations } from 'next-intl';
import type { ReactNode } from 'react';
import { PageTabs } from '@/components/page/page-tabs';
import { PageProblem } from '@/components/page/problem';
import { Stale } from '@/components/page/stale';
import { Waiting } from '@/components/page/waiting';
import { useSettings } from '@/lib/client/use-settings';

const TABS = ['sources', 'indexing', 'retention', 'sessions', 'tokens'] as const;

/** The head above each tab of the settings. */
export function SettingsFrame({ children }: { children: ReactNode }) {
  const t = useTranslations('settings');
  const query = useSettings();
  const { data, error } = query;
  if (!data) {
    if (!error) return <Waiting isPage query={query} rows={8} label={t('loading')} />;
    return <PageProblem error={error} onAgain={() => void query.refetch()} />;
  }
  return (
    <>
      <h1>{t('title')}</h1>
      <PageTabs
        label={t('title')}
        tabs={[
          { href: '/settings', words: t('cluster.title') },
          ...TABS.map((tab) => ({ href: `/settings/${tab}`, words: t(`${tab}.title`) })),
        ]}
      />
      <Stale query={query} />
      {children}
    </>
  );
}
