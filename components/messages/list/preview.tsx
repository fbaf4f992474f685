'use client';

import { ActionIcon, Button } from '@mantine/core';
import { IconX } from '@tabler/icons-react';
import { useTranslations } from 'next-intl';
import { lazy } from '@/components/ui/lazy';
import { useState } from 'react';
import { Link, useGo } from '@/components/page/link';
import { Problem } from '@/components/page/problem';
import { Skeletons } from '@/components/ui/state';
import { useMessage } from '@/lib/client/use-messages';
import { shortId } from '@/lib/protocol/uuid';
import classes from './preview.module.css';
import { WhereIsIt } from '../page/where-is-it';

const RetryDialog = lazy(() =>
  import('@/components/retries/retry-dialog').then((module) => module.RetryDialog),
);

/** The chosen message beside the list: where it is, and the first frame of its error, so that one need not open it. */
export function Preview({ id, onClose }: { id: string; onClose: () => void }) {
  const t = useTranslations('messages');
  const go = useGo();
  const { data, error } = useMessage(id);
  const [retrying, setRetrying] = useState<string[] | null>(null);
  const failed = data?.attempts.findLast((attempt) => attempt.error !== null);
  const frame = failed?.error?.stack?.split('\n').find((line) => /^\s*(at |File )/.test(line));
  return (
    <aside className={classes.pane} aria-label={t('preview')}>
      <div className={classes.head}>
        <Link href={`/messages/${id}`} className="mono">
          {shortId(id)}
        </Link>
        <b>{data?.type}</b>
        <code>{data?.key}</code>
        <ActionIcon
          variant="subtle"
          color="gray"
          size={24}
          ml="auto"
          onClick={onClose}
          aria-label={t('closePreview')}
        >
          <IconX size={14} />
        </ActionIcon>
      </div>
      {error ? (
        <div className={classes.words}>
          <Problem error={error} />
        </div>
      ) : null}
      {data ? <WhereIsIt story={data} onRetry={setRetrying} /> : <Skeletons rows={4} label={t('loading')} />}
      {failed?.error ? (
        <div className={classes.error}>
          <b>{failed.error.type}</b> {failed.error.message}
          {frame ? <code>{frame.trim()}</code> : null}
        </div>
      ) : null}
      <div className={classes.foot}>
        <span className="quiet">{t('previewHint')}</span>
        <Button variant="default" onClick={() => go(`/messages/${id}`)}>
          {t('openMessage')}
        </Button>
      </div>
      {retrying ? <RetryDialog messageId={id} groups={retrying} onClose={() => setRetrying(null)} /> : null}
    </aside>
  );
}
