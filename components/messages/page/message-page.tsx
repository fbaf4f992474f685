'use client';

import { topicPath } from '@/lib/contract/paths';
import { Button } from '@mantine/core';
import { IconChevronDown, IconRefresh } from '@tabler/icons-react';
import { useTranslations } from 'next-intl';
import { lazy } from '@/components/ui/lazy';
import { useEffect, useState } from 'react';
import { Link } from '@/components/page/link';
import { CopyLink } from '@/components/page/copy-link';
import { PageProblem } from '@/components/page/problem';
import { Stale } from '@/components/page/stale';
import { Waiting } from '@/components/page/waiting';
import { Copy } from '@/components/ui/copy';
import { Skeletons } from '@/components/ui/state';
import { useFormat } from '@/components/ui/use-format';
import { ApiError } from '@/lib/client/api';
import { useOpened } from '@/lib/client/recent';
import { useMessage } from '@/lib/client/use-messages';
import { shortId } from '@/lib/protocol/uuid';
import type { MessageStory } from '@/lib/contract/messages';
import classes from './message.module.css';
import { NotFound } from './not-found';
import { StatusChip } from '@/components/status/status-chip';
import { Timeline } from './timeline';
import { WhereIsIt } from './where-is-it';

const RetryDialog = lazy(() =>
  import('@/components/retries/retry-dialog').then((module) => module.RetryDialog),
);

// Below the rest, and asked for while the message is.
const loadTabs = () => import('./message-tabs');
const MessageTabs = lazy(() => loadTabs().then((module) => module.MessageTabs), LoadingTabs);

function LoadingTabs() {
  const t = useTranslations('payload');
  return <Skeletons rows={6} label={t('loading')} />;
}

/** A message's whole story: where it is, what happened when, what it carries. */
export function MessagePage({ id }: { id: string }) {
  const t = useTranslations('message');
  const query = useMessage(id);
  const { data, error } = query;
  // Where a mirror copied it here, it goes by another id than its header names.
  const own = data?.id ?? id;
  const [retrying, setRetrying] = useState<string[] | null>(null);
  useEffect(() => void loadTabs(), []);
  useOpened(`/messages/${own}`, data ? nameOf(data) : null);
  return (
    <>
      <div className={`crumb ${classes.crumb}`}>
        <Link href="/messages">{t('crumb')}</Link> › <code title={own}>{shortId(own)}</code>{' '}
        <Copy value={own} what={t('copyId')} />
      </div>
      {data ? <Stale query={query} /> : null}
      {error && !data ? <Missing id={id} error={error} onAgain={() => void query.refetch()} /> : null}
      {!data && !error ? <Waiting isPage query={query} rows={8} label={t('loading')} /> : null}
      {data ? <Story story={data} onRetry={setRetrying} /> : null}
      {retrying ? <RetryDialog messageId={own} groups={retrying} onClose={() => setRetrying(null)} /> : null}
    </>
  );
}

const nameOf = ({ id, type, key }: MessageStory) => [type, key].filter(Boolean).join(' ') || id;

function Missing({ id, error, onAgain }: { id: string; error: Error; onAgain: () => void }) {
  const code = error instanceof ApiError ? error.code : '';
  if (code === 'not_found' || code === 'invalid_input') return <NotFound id={id} />;
  return <PageProblem error={error} onAgain={onAgain} />;
}

function Story({ story, onRetry }: { story: MessageStory; onRetry: (groups: string[]) => void }) {
  return (
    <>
      <Head story={story} onRetry={onRetry} />
      <WhereIsIt story={story} onRetry={onRetry} />
      <Timeline story={story} />
      <section className="panel">
        <MessageTabs story={story} onRetry={onRetry} />
      </section>
    </>
  );
}

function Head({ story, onRetry }: { story: MessageStory; onRetry: (groups: string[]) => void }) {
  const t = useTranslations('message');
  const format = useFormat();
  const { retry } = story.can;
  const [isOpen, setOpen] = useState(false);
  const original = story.positions.filter((position) => position.role === 'message');
  const [, partition, offset] = /\/(\d+)\/(\d+)$/.exec(original[0]?.text ?? '') ?? [];
  const facts: [string, React.ReactNode][] = [
    [t('fact.topic'), story.topic && <Link href={topicPath(story.topic)}>{story.topic}</Link>],
    [t('fact.partition'), partition],
    [t('fact.offset'), offset ? format.number(Number(offset)) : undefined],
    [t('fact.sentBy'), story.service && `${story.service}${story.release ? ` ${story.release}` : ''}`],
    [
      t(story.status === 'SEND_FAIL' ? 'fact.tried' : 'fact.sent'),
      story.sentAt && <span title={format.stamp(story.sentAt)}>{format.time(story.sentAt, true)}</span>,
    ],
    [t('fact.kind'), story.kind && t(`kind.${story.kind}`)],
    [t('fact.size'), story.size === null ? undefined : format.bytes(story.size)],
    [t('fact.copies'), story.copies > 1 ? format.number(story.copies) : undefined],
  ];
  return (
    <header className={classes.head} data-open={isOpen}>
      <div className={classes.title}>
        <h1>
          {story.type ?? t('noType')}{' '}
          {story.version ? <span className={classes.version}>v{story.version}</span> : null}
        </h1>
        {story.key ? <code className={classes.key}>{story.key}</code> : null}
        <span className={classes.folded}>{story.sentAt ? format.time(story.sentAt) : null}</span>
        <button
          type="button"
          className={classes.unfold}
          aria-expanded={isOpen}
          aria-label={t('unfold')}
          onClick={() => setOpen(!isOpen)}
        >
          <IconChevronDown size={18} stroke={1.6} aria-hidden />
        </button>
        <span className={classes.status}>
          <StatusChip status={story.status} detail={story.detail} />
        </span>
        <span className="pageActions">
          <CopyLink />
          {retry.why === 'not_failing' ? null : (
            <Button
              // Where one group fails, its row has this button, and on the phone the foot of the page.
              className={retry.allowed && retry.groups.length === 1 ? classes.inFoot : undefined}
              leftSection={<IconRefresh size={14} />}
              disabled={!retry.allowed}
              title={
                retry.why
                  ? t(
                      `cannotRetry.${retry.why === 'already_retrying' ? 'already_retrying' : 'not_permitted'}`,
                      { who: format.list(retry.who) },
                    )
                  : undefined
              }
              onClick={() => onRetry(retry.groups)}
            >
              {retry.groups.length === 1
                ? t('retryTo', { group: retry.groups[0] ?? '' })
                : t('retryToAll', { count: retry.groups.length })}
            </Button>
          )}
        </span>
      </div>
      <dl className={classes.facts}>
        {facts.map(([word, value]) =>
          value === undefined || value === null || value === '' ? null : (
            <div key={word}>
              <dt>{word}</dt>
              <dd>{value}</dd>
            </div>
          ),
        )}
        <div className={classes.idFact}>
          <dt>{t('fact.id')}</dt>
          <dd>
            <code>{story.id}</code> <Copy value={story.id} what={t('copyId')} />
          </dd>
        </div>
      </dl>
    </header>
  );
}
