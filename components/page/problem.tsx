'use client';

import { Button } from '@mantine/core';
import { IconRefresh } from '@tabler/icons-react';
import { useTranslations } from 'next-intl';
import type { ReactNode } from 'react';
import { Copy } from '@/components/ui/copy';
import { State } from '@/components/ui/state';
import { useFormat } from '@/components/ui/use-format';
import { ApiError } from '@/lib/client/api';
import { CopyLink } from './copy-link';
import classes from './problem.module.css';

/** Codes whose own text is complete; the server's message is folded below it. */
const WORDS = [
  'unreachable',
  'offline',
  'store_unreachable',
  'store_full',
  'store_busy',
  'store_read_only',
  'schema_newer',
  'schema_older',
  'broker_unreachable',
  'broker_refused',
  'not_signed_in',
  'not_allowed',
  'too_many_requests',
  'internal',
] as const;

/** Codes where the server's message names the wrong value, so that it is part of the text. */
const SAID = [
  'invalid_input',
  'not_found',
  'conflict',
  'too_large',
  'idempotency_mismatch',
  'shutting_down',
] as const;

/**
 * An error in the reader's language: what happened, what still works, what to do. The server's message is folded below
 * it and can be copied.
 * @param changes whether the request would have changed something; the text then states whether it did
 */
export function Problem({ error, changes = false }: { error: Error; changes?: boolean }) {
  const t = useTranslations('problem');
  const format = useFormat();
  if (!(error instanceof ApiError)) return <>{error.message}</>;
  const { details, message } = error;
  const said = SAID.find((word) => error.code === word);
  if (said) {
    const others = Array.isArray(details.others) ? format.list(details.others.map(String)) : 'none';
    const by = typeof details.by === 'string' ? details.by : 'none';
    return <>{t(`said.${said}`, { message, others, by })}</>;
  }
  const code = WORDS.find((word) => error.code === word);
  if (!code) return <>{message}</>;
  const reference = typeof details.reference === 'string' ? details.reference : 'none';
  const who = Array.isArray(details.who) ? format.list(details.who.map(String)) : '–';
  return (
    <>
      {t(code, { reference, who, changes: String(changes) })}
      <details className={classes.technical}>
        <summary>{t('details')}</summary>
        <code>{error.message}</code>{' '}
        <Copy value={reference === 'none' ? error.message : reference} what={t('copy')} />
      </details>
    </>
  );
}

/** The whole page where its data could not be read. @param gone texts where the item does not exist (any more) */
export function PageProblem({
  error,
  gone,
  action,
  onAgain,
}: {
  error: Error;
  gone?: { title: string; hint?: ReactNode };
  action?: ReactNode;
  onAgain?: () => void;
}) {
  const t = useTranslations('problem');
  const code = error instanceof ApiError ? error.code : '';
  if (gone && (code === 'not_found' || code === 'invalid_input')) {
    return (
      <State isPage title={gone.title} action={action}>
        {gone.hint}
      </State>
    );
  }
  return (
    <State
      isPage
      title={t(code === 'not_allowed' ? 'noAccess' : 'notRead')}
      action={
        <span className={classes.actions}>
          {code === 'not_allowed' ? <CopyLink words={t('copyLinkForThem')} /> : null}
          {onAgain && code !== 'not_allowed' ? (
            <Button variant="default" leftSection={<IconRefresh size={14} />} onClick={onAgain}>
              {t('tryAgain')}
            </Button>
          ) : null}
          {action}
        </span>
      }
    >
      <Problem error={error} />
    </State>
  );
}
