'use client';

import { Button } from '@mantine/core';
import { IconLanguage } from '@tabler/icons-react';
import { useTranslations } from 'next-intl';
import type { ClusterHead } from '@/components/page/cluster';
import { ClusterChip } from '@/components/page/cluster-chip';
import { useLanguageEntries } from './use-account';
import { PressMenu } from '@/components/ui/press-menu';
import { shortId } from '@/lib/protocol/uuid';
import { SchemeSwitch } from './scheme-switch';
import { SignInForm } from './sign-in-form';
import classes from './sign-in.module.css';

/** One card: who are you? @param to path to go on to */
export function SignInPage({ to, clusters }: { to: string; clusters: ClusterHead[] }) {
  const t = useTranslations('signIn');
  return (
    <div className={classes.page}>
      <div className={classes.tools}>
        <PressMenu entries={useLanguageEntries()}>
          <Button
            variant="subtle"
            color="gray"
            leftSection={<IconLanguage size={16} stroke={1.6} aria-hidden />}
          >
            English / 简体中文
          </Button>
        </PressMenu>
        <SchemeSwitch />
      </div>
      <main className={classes.card}>
        <h1>
          <span className={classes.mark} aria-hidden />
          Courier
        </h1>
        <p className={classes.sentence}>{t('sentence')}</p>
        {/* A full page load, so that nothing loaded without a session remains. */}
        <SignInForm onDone={() => location.assign(to)} />
        <Next to={to} />
      </main>
      <footer className={classes.clusters}>
        {clusters.map((cluster) => (
          <span key={cluster.name}>
            <ClusterChip cluster={cluster} />
          </span>
        ))}
      </footer>
    </div>
  );
}

/** Where one was going, where that was not simply in. */
function Next({ to }: { to: string }) {
  const t = useTranslations('signIn');
  const id = /^\/messages\/([0-9a-f-]{36})$/.exec(to)?.[1];
  if (to === '/messages') return null;
  return (
    <p className={classes.next}>
      {id ? (
        <>
          {t('nextMessage')} <code title={id}>{shortId(id)}</code>
        </>
      ) : (
        t('next', { path: to.length > 60 ? `${to.slice(0, 60)}…` : to })
      )}
    </p>
  );
}
