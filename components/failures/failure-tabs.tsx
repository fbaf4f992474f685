'use client';

import { useTranslations } from 'next-intl';
import { PageTabs } from '@/components/page/page-tabs';
import { useFailures } from '@/lib/client/use-failures';
import { useDeadLetterTopics } from '@/lib/client/use-topics';

/** Two views of failed messages: by cause, and by dead letter topic. */
export function FailureTabs() {
  const t = useTranslations('failures');
  const failures = useFailures().data;
  const topics = useDeadLetterTopics().data;
  return (
    <PageTabs
      label={t('title')}
      tabs={[
        { href: '/failures', words: t('tab.failures'), count: failures?.rows.length },
        {
          href: '/failures/dead-letter-topics',
          words: t('tab.deadLetters'),
          count: topics?.rows.filter((row) => row.records !== 0).length,
        },
      ]}
    />
  );
}
