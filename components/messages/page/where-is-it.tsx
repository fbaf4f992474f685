'use client';

import { isFailing } from '@/lib/domain/messages/status';
import { Button } from '@mantine/core';
import {
  IconAlertTriangle,
  IconCircleCheckFilled,
  IconCircleXFilled,
  IconClock,
  IconPlugConnectedX,
  IconQuestionMark,
  IconSend,
  IconSendOff,
  IconUserOff,
} from '@tabler/icons-react';
import { useNow, useTranslations } from 'next-intl';
import type { ReactNode } from 'react';
import { Link } from '@/components/page/link';
import { Noun } from '@/components/page/noun';
import { useFormat } from '@/components/ui/use-format';
import { useFailures } from '@/lib/client/use-failures';
import { failurePath, groupPath } from '@/lib/contract/paths';
import type { FailureKey } from '@/lib/contract/failures';
import type { MessageStory } from '@/lib/contract/messages';
import type { Next, WhereRow } from '@/lib/domain/messages/where-is-it';
import { Handled, Rescued, Tries } from './handled-words';
import classes from './where.module.css';

/** Where the message is, in sentences, in order of trouble. */
export function WhereIsIt({ story, onRetry }: { story: MessageStory; onRetry: (groups: string[]) => void }) {
  const t = useTranslations('where');
  const format = useFormat();
  const handled = story.deliveries.filter((delivery) => delivery.status === 'HANDLED').length;
  const failing = story.deliveries.filter((delivery) => isFailing(delivery.status)).length;
  const waiting = story.deliveries.length - handled - failing;
  return (
    <section className="panel" aria-label={t('title')}>
      <div className="panelHead">
        <h2>{t('title')}</h2>
        <span className="quiet">
          {story.deliveries.length > 0
            ? t.rich('summary', {
                handled,
                total: story.deliveries.length,
                failing,
                waiting,
                delivery: (chunks) => <Noun name="delivery">{chunks}</Noun>,
                message: (chunks) => <Noun name="message">{chunks}</Noun>,
              })
            : null}
        </span>
      </div>
      <ul className={classes.rows}>
        {story.where.map((row, at) => (
          <Row key={at} row={row} story={story} onRetry={onRetry} />
        ))}
      </ul>
      {story.silent.map(({ group, since }) => (
        <p key={group} className={classes.silent}>
          <IconAlertTriangle size={14} aria-hidden /> {t('silent', { group, time: format.time(since) })}
        </p>
      ))}
    </section>
  );
}

function Row({
  row,
  story,
  onRetry,
}: {
  row: WhereRow;
  story: MessageStory;
  onRetry: (groups: string[]) => void;
}) {
  const t = useTranslations('where');
  const { tone, icon } =
    LOOKS[row.kind === 'failing' && row.status === 'PUSH_FAIL' ? 'not_delivered' : row.kind];
  const subject =
    'group' in row
      ? row.group
      : row.kind === 'handled'
        ? row.groups.length + row.more === 1
          ? (row.groups[0]?.group ?? '')
          : t('groups', { count: row.groups.length + row.more })
        : row.kind === 'clock'
          ? row.host
          : (row.service ?? t('sender'));
  return (
    <li className={classes.row} data-tone={tone} data-kind={row.kind}>
      <span className={classes.icon}>{icon}</span>
      <span className={classes.subject}>{subject}</span>
      <div className={classes.sentence}>
        <Sentence row={row} type={story.type} />
      </div>
      <Action row={row} story={story} onRetry={onRetry} />
    </li>
  );
}

type Look = { tone: string; icon: ReactNode };
const LOOKS: Record<WhereRow['kind'] | 'not_delivered', Look> = {
  failing: { tone: 'handle-fail', icon: <IconCircleXFilled size={16} aria-hidden /> },
  not_delivered: { tone: 'push-fail', icon: <IconPlugConnectedX size={16} aria-hidden /> },
  not_sent: { tone: 'send-fail', icon: <IconSendOff size={16} aria-hidden /> },
  overdue: { tone: 'push-fail', icon: <IconClock size={16} aria-hidden /> },
  no_members: { tone: 'push-fail', icon: <IconUserOff size={16} aria-hidden /> },
  retrying: { tone: 'committed', icon: <IconClock size={16} aria-hidden /> },
  waiting: { tone: 'committed', icon: <IconClock size={16} aria-hidden /> },
  unreported: { tone: 'push-fail', icon: <IconAlertTriangle size={16} aria-hidden /> },
  unknown: { tone: 'plain', icon: <IconQuestionMark size={16} aria-hidden /> },
  handled_twice: { tone: 'push-fail', icon: <IconAlertTriangle size={16} aria-hidden /> },
  handled: { tone: 'handled', icon: <IconCircleCheckFilled size={16} aria-hidden /> },
  clock: { tone: 'push-fail', icon: <IconAlertTriangle size={16} aria-hidden /> },
  not_subscribed: { tone: 'plain', icon: <IconPlugConnectedX size={16} aria-hidden /> },
  began_after: { tone: 'plain', icon: <IconClock size={16} aria-hidden /> },
  rescued: { tone: 'handled', icon: <IconCircleCheckFilled size={16} aria-hidden /> },
  read_past: { tone: 'plain', icon: <IconCircleCheckFilled size={16} aria-hidden /> },
  sent: { tone: 'plain', icon: <IconSend size={16} aria-hidden /> },
};

function Sentence({ row, type }: { row: WhereRow; type: string | null }) {
  const t = useTranslations('where');
  const format = useFormat();
  switch (row.kind) {
    case 'failing':
      return <Failing row={row} type={type} />;
    case 'not_sent':
      return <NotSent row={row} />;
    case 'overdue':
      return t.rich('overdue', { b: verdict, time: format.time(row.since) });
    case 'no_members':
      return (
        <>
          {t.rich('noMembers', { b: verdict, since: row.since ? format.time(row.since) : 'none' })}{' '}
          {row.ahead === null ? null : t('ahead', { count: row.ahead, partition: row.partition ?? 0 })}
        </>
      );
    case 'retrying':
      return t.rich('running', { b: verdict, attempt: row.attempt });
    case 'waiting':
      return (
        <>
          {t.rich('waiting', { b: verdict, count: row.ahead })}
          {row.seconds === null
            ? null
            : ` ${t('about', { time: format.duration(Math.max(1, row.seconds)) })}`}
        </>
      );
    case 'unreported':
      return t.rich('unreported', { b: verdict });
    case 'unknown':
      return t.rich('unknown', { b: verdict });
    case 'handled_twice':
      return (
        <>
          {t.rich('handledTwice', {
            b: verdict,
            times: format.list(row.tries.map((attempt) => format.time(attempt.at))),
            count: row.tries.length,
          })}{' '}
          {t(`twiceCause.${row.cause}`)}
          <Tries tries={row.tries} />
        </>
      );
    case 'clock':
      return t.rich('clock', { b: verdict, time: format.duration(row.seconds) });
    case 'not_subscribed':
      return t.rich('notSubscribed', {
        b: verdict,
        type: type ?? t('withoutType'),
        types: format.list(row.types),
      });
    case 'began_after':
      return t.rich('beganAfter', { b: verdict, time: format.time(row.since) });
    case 'rescued':
      return <Rescued row={row} />;
    case 'handled':
      return <Handled row={row} />;
    case 'read_past':
      return t.rich('readPast', {
        b: verdict,
        time: row.passed ? format.time(row.passed.at) : 'none',
        within: format.duration(row.passed?.withinSeconds ?? 0),
      });
    case 'sent':
      return <Sent row={row} />;
  }
}

type RowOf<Kind extends WhereRow['kind']> = Extract<WhereRow, { kind: Kind }>;
const verdict = (chunks: ReactNode) => <b>{chunks}</b>;

function Failing({ row, type }: { row: RowOf<'failing'>; type: string | null }) {
  const t = useTranslations('where');
  const format = useFormat();
  return (
    <>
      {t.rich(row.status === 'PUSH_FAIL' ? 'notDelivered' : 'failed', {
        b: verdict,
        count: row.attempts,
        time: format.time(row.lastAt),
      })}{' '}
      {row.error ? (
        <>
          <Link href={failurePath({ group: row.group, type, error: row.error.type })}>
            <code>{row.error.type}</code>
          </Link>{' '}
          “{row.error.message}”.{' '}
        </>
      ) : null}
      <NextWords next={row.next} />
      <div className={classes.second}>
        {row.host ? t('on', { host: row.host, release: row.release ?? '–' }) : null}{' '}
        <SameError
          group={row.group}
          type={type}
          error={row.error?.type ?? null}
          isAfter={Boolean(row.host)}
        />
      </div>
    </>
  );
}

function NotSent({ row }: { row: RowOf<'not_sent'> }) {
  const t = useTranslations('where');
  const format = useFormat();
  return (
    <>
      {t.rich(row.perhapsOn === null ? 'notSent' : 'perhapsNotSent', {
        b: verdict,
        count: row.attempts,
        time: row.lastAt ? format.time(row.lastAt) : '–',
      })}{' '}
      {row.error ? (
        <>
          <code>{row.error.type}</code> “{row.error.message}”.{' '}
        </>
      ) : null}
      {row.perhapsOn === null ? null : `${t('perhapsOn', { topic: row.perhapsOn })} `}
      {row.held ? t('held') : t('notHeld')}
    </>
  );
}

function Sent({ row }: { row: RowOf<'sent'> }) {
  const t = useTranslations('where');
  const format = useFormat();
  const positions = row.positions.map((position) =>
    t('stands', {
      topic: position.topic,
      partition: position.partition,
      offset: format.number(Number(position.offset)),
    }),
  );
  return (
    <>
      {t.rich('sent', { b: verdict, time: row.at ? format.time(row.at, true) : '–' })}{' '}
      {positions.join(t('between'))}
      {row.afterMs === null ? null : ` ${t('after', { time: format.milliseconds(row.afterMs) })}`}
    </>
  );
}

/** How many other messages of the group fail with the same error. */
function SameError({ isAfter, ...failure }: FailureKey & { isAfter: boolean }) {
  const t = useTranslations('where');
  const format = useFormat();
  const { data } = useFailures();
  const path = failurePath(failure);
  const row = data?.rows.find((row) => failurePath(row) === path);
  if (!row || row.messages < 2) return null;
  return (
    <>
      {isAfter ? '· ' : null}
      <Link className="inText" href={path}>
        {t('sameError', { count: row.messages })}
      </Link>{' '}
      {t('sameErrorSince', { time: format.time(row.firstAt) })}
    </>
  );
}

function NextWords({ next }: { next: Next }) {
  const t = useTranslations('where.next');
  const states = useTranslations('outcome');
  const now = useNow({ updateInterval: 1_000 });
  const format = useFormat();
  switch (next.kind) {
    case 'next_try': {
      const seconds = (Date.parse(next.at) - now.getTime()) / 1_000;
      return seconds > 0
        ? t('try', { time: format.time(next.at), in: format.duration(seconds) })
        : t('tryPast', { time: format.time(next.at) });
    }
    case 'gave_up':
      return next.to === null ? t('gaveUpNowhere') : t('gaveUp', { topic: next.to });
    case 'retry':
      return t('retry', { state: states(next.state as Parameters<typeof states>[0]) });
    case 'nobody':
      return t('nobody');
  }
}

function Action({
  row,
  story,
  onRetry,
}: {
  row: WhereRow;
  story: MessageStory;
  onRetry: (groups: string[]) => void;
}) {
  const t = useTranslations('where');
  if (row.kind === 'failing' && story.can.retry.allowed && story.can.retry.groups.includes(row.group)) {
    return (
      <Button
        // On the phone the foot of the page has it, where there is but one.
        className={`${classes.action} ${story.can.retry.groups.length === 1 ? classes.onlyOne : ''}`}
        onClick={() => onRetry([row.group])}
      >
        {t('retryTo', { group: row.group })}
      </Button>
    );
  }
  if (
    row.kind === 'no_members' ||
    row.kind === 'waiting' ||
    row.kind === 'overdue' ||
    row.kind === 'unreported'
  ) {
    return (
      <Link className={classes.action} href={groupPath(row.group)}>
        {t('openGroup')}
      </Link>
    );
  }
  return null;
}
