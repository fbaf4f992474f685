'use client';

import { Button, TextInput } from '@mantine/core';
import { useTranslations } from 'next-intl';
import { useState } from 'react';
import { PageProblem, Problem } from '@/components/shell/problem';
import { Copy } from '@/components/ui/copy';
import { useFormat } from '@/components/ui/use-format';
import { useEndToken, useMakeToken, useTokens } from '@/lib/client/use-settings';
import classes from './settings.module.css';

/** Tokens by which services send facts. A token is shown once, when it is made. */
export function Tokens() {
  const t = useTranslations('settings.tokens');
  const format = useFormat();
  const query = useTokens();
  const { data, error } = query;
  const make = useMakeToken();
  const end = useEndToken();
  const failed = make.error ?? end.error;
  const [name, setName] = useState('');
  if (error && !data) return <PageProblem error={error} onAgain={() => void query.refetch()} />;
  return (
    <section className="panel">
      <div className="panelHead">
        <h2>{t('what')}</h2>
      </div>
      <ul className={classes.list}>
        {data?.tokens.map((token) => (
          <li key={token.name}>
            <b>{token.name}</b>
            <span>
              {token.revokedAt
                ? t('ended', { time: format.time(token.revokedAt) })
                : t('made', { time: format.time(token.createdAt) })}
            </span>
            {token.revokedAt ? null : (
              <Button
                variant="subtle"
                size="compact-xs"
                onClick={() => end.mutate(token.name)}
                aria-label={t('endOf', { name: token.name })}
              >
                {t('end')}
              </Button>
            )}
          </li>
        ))}
      </ul>
      <form
        className={classes.form}
        onSubmit={(event) => {
          event.preventDefault();
          make.mutate(name.trim(), { onSuccess: () => setName('') });
        }}
      >
        <TextInput
          size="xs"
          label={t('service')}
          value={name}
          onChange={(event) => setName(event.target.value)}
        />
        <Button type="submit" variant="default" disabled={name.trim() === ''} loading={make.isPending}>
          {t('make')}
        </Button>
      </form>
      <div role="status">
        {make.data ? (
          <p className={classes.token}>
            {t('once', { name: make.data.name })} <code>{make.data.token}</code>{' '}
            <Copy value={make.data.token} what={t('copy')} />
          </p>
        ) : null}
        {failed ? (
          <p className={classes.problem}>
            <Problem error={failed} changes />
          </p>
        ) : null}
      </div>
    </section>
  );
}
