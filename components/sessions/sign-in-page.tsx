'use client';

import { Button, PasswordInput, TextInput } from '@mantine/core';
import { useTranslations } from 'next-intl';
import { useState, type FormEvent } from 'react';
import { LanguageSwitch, SchemeSwitch } from '@/components/shell/top-bar';
import { ApiError } from '@/lib/client/api';
import { useSignIn } from '@/lib/client/use-session';
import classes from './sign-in.module.css';

/** One card: who are you? @param to path to go on to */
export function SignInPage({ to, clusters }: { to: string; clusters: string[] }) {
  const t = useTranslations('signIn');
  const signIn = useSignIn();
  const [name, setName] = useState('');
  const [password, setPassword] = useState('');
  const submit = (event: FormEvent) => {
    event.preventDefault();
    // A whole new page: what was shown to nobody must not linger.
    signIn.mutate({ name, password }, { onSuccess: () => location.assign(to) });
  };
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
        <form onSubmit={submit}>
          <TextInput
            label={t('name')}
            value={name}
            onChange={(event) => setName(event.target.value)}
            size="sm"
            autoComplete="username"
            autoFocus
            required
            withAsterisk={false}
          />
          <PasswordInput
            label={t('password')}
            value={password}
            onChange={(event) => setPassword(event.target.value)}
            size="sm"
            autoComplete="current-password"
            required
            withAsterisk={false}
            visibilityToggleButtonProps={{ 'aria-label': t('show') }}
          />
          <div role="alert" className={classes.error}>
            {signIn.error ? <Reason error={signIn.error} /> : null}
          </div>
          <Button type="submit" size="sm" fullWidth loading={signIn.isPending || signIn.isSuccess}>
            {t('button')}
          </Button>
        </form>
        {to === '/messages' ? null : (
          <p className={classes.next}>{t('next', { path: to.length > 60 ? `${to.slice(0, 60)}…` : to })}</p>
        )}
      </main>
      <footer className={classes.cluster}>{t('cluster', { cluster: clusters.join(', ') })}</footer>
    </div>
  );
}

function Reason({ error }: { error: Error }) {
  const t = useTranslations('signIn');
  const code = error instanceof ApiError ? error.code : 'unknown';
  if (code === 'wrong_credentials') return t('wrong');
  if (code === 'too_many_requests') return t('tooMany');
  if (code === 'unreachable' || code === 'store_unreachable') return t('unreachable');
  return error.message;
}
