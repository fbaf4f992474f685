'use client';

import { ActionIcon, Tooltip } from '@mantine/core';
import { IconChevronDown, IconChevronLeft, IconHelp, IconLanguage, IconSearch } from '@tabler/icons-react';
import { useTranslations } from 'next-intl';
import { lazy } from '@/components/ui/lazy';
import { usePathname } from 'next/navigation';
import { PressMenu } from '@/components/ui/press-menu';
import { useAttention } from '@/lib/client/use-attention';
import { SchemeSwitch } from '@/components/sessions/scheme-switch';
import { useLanguageEntries, useSignOutEntry } from '@/components/sessions/use-account';
import { environmentOf, type ClusterHead } from '@/components/page/cluster';
import { ClusterChip } from '@/components/page/cluster-chip';
import { Freshness } from './freshness';
import { Link } from '@/components/page/link';
import { RefreshMenu } from './refresh-menu';
import classes from './shell.module.css';

// Seldom there, so it comes when it is.
const RunningRetry = lazy(() => import('./running-retry').then((module) => module.RunningRetry));

export function TopBar({
  operator,
  cluster,
  clusters,
  onSearch,
  onHelp,
}: {
  operator: string;
  cluster: ClusterHead | undefined;
  clusters: ClusterHead[];
  onSearch: () => void;
  onHelp: () => void;
}) {
  const t = useTranslations('top');
  const { data: attention } = useAttention();
  return (
    <header className={classes.top}>
      <Back />
      {cluster ? <ClusterMenu cluster={cluster} clusters={clusters} /> : null}
      <button
        type="button"
        className={classes.search}
        onClick={onSearch}
        aria-keyshortcuts="/"
        aria-label={t('search')}
      >
        <IconSearch size={14} aria-hidden />
        <span>{t('search')}</span>
        <kbd>/</kbd>
      </button>
      {(attention?.retries ?? 0) > 0 ? <RunningRetry /> : null}
      <div className={classes.tools}>
        <Freshness />
        <RefreshMenu />
        <span className={classes.zone}>UTC</span>
        {/* On the phone these are under More. */}
        <span className={classes.account}>
          <HelpButton onHelp={onHelp} />
          <LanguageSwitch />
          <SchemeSwitch />
          <OperatorMenu operator={operator} />
        </span>
      </div>
    </header>
  );
}

/** Shows the selected cluster; where there are several, its menu leads to the others. */
function ClusterMenu({ cluster, clusters }: { cluster: ClusterHead; clusters: ClusterHead[] }) {
  const t = useTranslations('top');
  const chip = <ClusterChip cluster={cluster} />;
  if (clusters.length < 2) return <div className={classes.cluster}>{chip}</div>;
  // Pages of another cluster share nothing with these, so the whole document is loaded anew.
  const look = (name: string) => location.assign(`/messages?cluster=${encodeURIComponent(name)}`);
  const entries = clusters.map(({ name, environment }) => ({
    key: name,
    label: `${name} · ${t(`environment.${environmentOf(environment)}`)}`,
    onPress: () => look(name),
    isCurrent: name === cluster.name,
  }));
  return (
    <PressMenu entries={entries} position="bottom-start">
      <button type="button" className={classes.cluster} aria-label={t('cluster', { name: cluster.name })}>
        {chip}
        <IconChevronDown size={12} aria-hidden />
      </button>
    </PressMenu>
  );
}

function LanguageSwitch() {
  const t = useTranslations('top');
  return (
    <PressMenu entries={useLanguageEntries()}>
      <ActionIcon variant="subtle" color="gray" size={28} aria-label={t('language')}>
        <IconLanguage size={16} stroke={1.6} />
      </ActionIcon>
    </PressMenu>
  );
}

function HelpButton({ onHelp }: { onHelp: () => void }) {
  const t = useTranslations('top');
  return (
    <Tooltip label={t('help')}>
      <ActionIcon
        variant="subtle"
        color="gray"
        size={28}
        aria-label={t('help')}
        aria-keyshortcuts="?"
        onClick={onHelp}
      >
        <IconHelp size={16} stroke={1.6} />
      </ActionIcon>
    </Tooltip>
  );
}

function OperatorMenu({ operator }: { operator: string }) {
  const t = useTranslations('top');
  const signedIn = t('signedInAs', { name: operator });
  return (
    <PressMenu entries={[{ key: 'who', heading: signedIn }, useSignOutEntry()]}>
      <button type="button" className={classes.operator} aria-label={signedIn}>
        {operator.slice(0, 2).toUpperCase()}
      </button>
    </PressMenu>
  );
}

/** On the phone, from one thing back to where the others of its kind are. */
function Back() {
  const t = useTranslations('top');
  const [, place = '', ...rest] = usePathname().split('/');
  if (rest.length === 0) return null;
  return (
    <Link href={`/${place}`} className={classes.back} aria-label={t('back')}>
      <IconChevronLeft size={20} stroke={1.6} aria-hidden />
    </Link>
  );
}
