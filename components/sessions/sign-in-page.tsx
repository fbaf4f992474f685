'use client';

import { useTranslations } from 'next-intl';
import { LanguageSwitch, SchemeSwitch } from '@/components/shell/top-bar';
import { SignInForm } from './sign-in-form';
import classes from './sign-in.module.css';

/** One card: who are you? @param to path to go on to */
export function SignInPage({ to, clusters }: { to: string; clusters: string[] }) {
  const t = useTranslations('signIn');
  return (
    <div className={classes.page}>
      <div className={classes.tools}>
        <LanguageSwitch />
        <SchemeSwitch />
      </div>
      <main className={classes.card}>
        <span className={classes.mark} aria-hidden />
        <h1>Courier</h1>
        <p className={classes.sentence}>{t('sentence')}</p>
        {/* A whole new page: what was shown to nobody must not linger. */}
        <SignInForm onDone={() => location.assign(to)} />
        {to === '/messages' ? null : (
          <p className={classes.next}>{t('next', { path: to.length > 60 ? `${to.slice(0, 60)}…` : to })}</p>
        )}
      </main>
      <footer className={classes.cluster}>{t('cluster', { cluster: clusters.join(', ') })}</footer>
    </div>
  );
}
