'use client';

import { Button, PasswordInput, TextInput } from '@mantine/core';
import { useTranslations } from 'next-intl';
import { useEffect, useState, type FormEvent } from 'react';
import { Problem } from '@/components/page/problem';
import { ApiError } from '@/lib/client/api';
import { useSignIn } from '@/lib/client/use-session';
import classes from './sign-in.module.css';

/** Name and pass phrase. @param as name that is most likely */
export function SignInForm({ as = '', onDone }: { as?: string; onDone: (name: string) => void }) {
  const t = useTranslations('signIn');
  const signIn = useSignIn();
  const [name, setName] = useState(as);
  const [password, setPassword] = useState('');
  const isSlow = useIsLong(signIn.isPending);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    signIn.mutate({ name, password }, { onSuccess: (signedIn) => onDone(signedIn.name) });
  };
  return (
    <form className={classes.form} onSubmit={submit}>
      <TextInput
        label={t('name')}
        value={name}
        onChange={(event) => setName(event.target.value)}
        size="sm"
        autoComplete="username"
        autoFocus={as === ''}
        required
        withAsterisk={false}
      />
      <PasswordInput
        label={t('password')}
        value={password}
        onChange={(event) => setPassword(event.target.value)}
        size="sm"
        autoComplete="current-password"
        autoFocus={as !== ''}
        required
        withAsterisk={false}
        visibilityToggleButtonProps={{ 'aria-label': t('show') }}
      />
      <div role="alert" className={classes.error}>
        {signIn.error ? <Reason error={signIn.error} /> : null}
      </div>
      <div role="status" className="soft">
        {isSlow ? t('slow') : null}
      </div>
      <Button type="submit" size="sm" fullWidth loading={signIn.isPending || signIn.isSuccess}>
        {t('button')}
      </Button>
    </form>
  );
}

const LONG_MS = 3_000;

/** Whether something has been under way for longer than a person waits without a word. */
function useIsLong(isPending: boolean): boolean {
  const [isLong, setLong] = useState(false);
  useEffect(() => {
    if (!isPending) return;
    const timer = setTimeout(() => setLong(true), LONG_MS);
    return () => {
      clearTimeout(timer);
      setLong(false);
    };
  }, [isPending]);
  return isPending && isLong;
}

function Reason({ error }: { error: Error }) {
  const t = useTranslations('signIn');
  const code = error instanceof ApiError ? error.code : 'unknown';
  if (code === 'wrong_credentials') return t('wrong');
  if (code === 'too_many_requests') {
    const seconds = error instanceof ApiError ? Number(error.details.retryAfterSeconds) : NaN;
    return t('tooMany', { seconds: Number.isFinite(seconds) ? seconds : 60 });
  }
  if (code === 'unreachable' || code === 'store_unreachable') return t('unreachable');
  return <Problem error={error} />;
}
