import { useTranslations } from 'next-intl';
import { PageTabs } from '@/components/page/page-tabs';

/** Now, and what happened. */
export function OverviewTabs() {
  const t = useTranslations('overview');
  return (
    <PageTabs
      isBesideTitle
      label={t('tabs')}
      tabs={[
        { href: '/overview', words: t('tab.now') },
        { href: '/overview/happened', words: t('tab.happened') },
      ]}
    />
  );
}
