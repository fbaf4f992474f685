'use client';

import { ActionIcon, Menu, Tooltip, useComputedColorScheme, useMantineColorScheme } from '@mantine/core';
import { useMounted } from '@mantine/hooks';
import {
  IconChevronDown,
  IconHelp,
  IconLanguage,
  IconLogout,
  IconMoon,
  IconSearch,
  IconSun,
} from '@tabler/icons-react';
import { useLocale, useTranslations } from 'next-intl';
import { useRouter } from 'next/navigation';
import { useSignOut } from '@/lib/client/use-session';
import { chooseLanguage } from '@/lib/client/choose-language';
import { LOCALES, type Locale } from '@/lib/domain/locale';
import { Freshness } from './freshness';
import type { ClusterHead } from './cluster';
import { RefreshMenu } from './refresh-menu';
import classes from './shell.module.css';

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
  return (
    <header className={classes.top}>
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
      <div className={classes.tools}>
        <Freshness />
        <RefreshMenu />
        <span className={classes.zone}>UTC</span>
        <LanguageSwitch />
        <SchemeSwitch />
        <OperatorMenu operator={operator} onHelp={onHelp} />
      </div>
    </header>
  );
}

/** Says which cluster one looks at; where there are several, leads to the others. */
function ClusterMenu({ cluster, clusters }: { cluster: ClusterHead; clusters: ClusterHead[] }) {
  const t = useTranslations('top');
  const chip = (
    <>
      <span className={classes.environment}>{t(`environment.${environmentOf(cluster.environment)}`)}</span>
      <span className="mono">{cluster.name}</span>
    </>
  );
  if (clusters.length < 2) return <div className={classes.cluster}>{chip}</div>;
  // Pages of another cluster share nothing with these, so the whole document is loaded anew.
  const look = (name: string) => location.assign(`/messages?cluster=${encodeURIComponent(name)}`);
  return (
    <Menu position="bottom-start">
      <Menu.Target>
        <button type="button" className={classes.cluster} aria-label={t('cluster', { name: cluster.name })}>
          {chip}
          <IconChevronDown size={12} aria-hidden />
        </button>
      </Menu.Target>
      <Menu.Dropdown>
        {clusters.map((one) => (
          <Menu.Item key={one.name} onClick={() => look(one.name)} aria-current={one.name === cluster.name}>
            {one.name} · {t(`environment.${environmentOf(one.environment)}`)}
          </Menu.Item>
        ))}
      </Menu.Dropdown>
    </Menu>
  );
}

function environmentOf(text: string): 'production' | 'staging' | 'development' {
  return text === 'production' || text === 'staging' ? text : 'development';
}

export function LanguageSwitch() {
  const t = useTranslations('top');
  const locale = useLocale();
  const router = useRouter();
  const choose = (to: Locale) => {
    chooseLanguage(to);
    router.refresh();
  };
  return (
    <Menu position="bottom-end">
      <Menu.Target>
        <ActionIcon variant="subtle" color="gray" size={28} aria-label={t('language')}>
          <IconLanguage size={16} stroke={1.6} />
        </ActionIcon>
      </Menu.Target>
      <Menu.Dropdown>
        {LOCALES.map((one) => (
          <Menu.Item key={one} lang={one} onClick={() => choose(one)} aria-current={one === locale}>
            {one === 'en' ? 'English' : '简体中文'}
          </Menu.Item>
        ))}
      </Menu.Dropdown>
    </Menu>
  );
}

export function SchemeSwitch() {
  const t = useTranslations('top');
  const { setColorScheme } = useMantineColorScheme();
  const scheme = useComputedColorScheme('light', { getInitialValueInEffect: true });
  const mounted = useMounted();
  const isDark = mounted && scheme === 'dark';
  const label = t(isDark ? 'toLight' : 'toDark');
  return (
    <Tooltip label={label}>
      <ActionIcon
        variant="subtle"
        color="gray"
        size={28}
        aria-label={label}
        onClick={() => setColorScheme(isDark ? 'light' : 'dark')}
      >
        {isDark ? <IconSun size={16} stroke={1.6} /> : <IconMoon size={16} stroke={1.6} />}
      </ActionIcon>
    </Tooltip>
  );
}

function OperatorMenu({ operator, onHelp }: { operator: string; onHelp: () => void }) {
  const t = useTranslations('top');
  const signOut = useSignOut();
  const leave = () => signOut.mutate(undefined, { onSuccess: () => location.assign('/sign-in') });
  return (
    <Menu position="bottom-end">
      <Menu.Target>
        <button type="button" className={classes.operator} aria-label={t('signedInAs', { name: operator })}>
          {operator.slice(0, 2).toUpperCase()}
        </button>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Label>{t('signedInAs', { name: operator })}</Menu.Label>
        <Menu.Item leftSection={<IconHelp size={14} />} rightSection={<kbd>?</kbd>} onClick={onHelp}>
          {t('help')}
        </Menu.Item>
        <Menu.Item leftSection={<IconLogout size={14} />} onClick={leave}>
          {t('signOut')}
        </Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
}
