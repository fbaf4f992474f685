'use client';

import { Button } from '@mantine/core';
import {
  IconCircleXFilled,
  IconEyeOff,
  IconHandStop,
  IconPlugConnectedX,
  IconSendOff,
} from '@tabler/icons-react';
import { useTranslations } from 'next-intl';
import type { ReactNode } from 'react';
import { VerdictChip } from '@/components/status/verdict-chip';
import { LossSentence, LostDataChip } from '@/components/groups/loss-sentence';
import { LosesIn } from '@/components/groups/loses-in';
import { VerdictSentence } from '@/components/groups/verdict-sentence';
import { Link } from '@/components/page/link';
import { useWorkerName } from '@/components/page/use-worker-name';
import { useFormat } from '@/components/ui/use-format';
import { failurePath, groupPath } from '@/lib/contract/paths';
import type { NeedRow } from '@/lib/contract/overview';
import { visibleName } from '@/lib/values/visible-name';
import classes from './overview.module.css';

/** What needs a person, worst first; one shape for all: what, who, why, since when, how much, what to do. */
export function NeedList({ needs, more, at }: { needs: NeedRow[]; more: number; at: string }) {
  const t = useTranslations('overview');
  return (
    <section className="panel" aria-label={t('needs')}>
      <ul className={classes.needs}>
        {needs.map((need, index) => (
          <Need key={`${need.kind} ${need.subject} ${index}`} need={need} at={at} isFirst={index === 0} />
        ))}
      </ul>
      {more > 0 ? <p className={classes.more}>{t('more', { count: more })}</p> : null}
    </section>
  );
}

function Need({ need, at, isFirst }: { need: NeedRow; at: string; isFirst: boolean }) {
  const t = useTranslations('overview');
  const format = useFormat();
  const age = need.since ? (Date.parse(at) - Date.parse(need.since)) / 1_000 : null;
  const { href, word } = actionOf(need);
  return (
    <li>
      <div className={classes.kind}>
        <Chip need={need} />
      </div>
      <Link className={classes.subject} href={href}>
        {need.group ? visibleName(need.group.name) : need.subject || t('unknownSender')}
      </Link>
      <div className={classes.cause}>
        <CauseOf need={need} />
      </div>
      <div className={classes.since}>
        <span className={classes.began}>
          {need.since
            ? t(need.isAtLeast ? 'atLeastSince' : 'since', { time: format.time(need.since) })
            : null}
        </span>
        <div className="quiet">{age === null ? null : t('for', { time: format.duration(age) })}</div>
      </div>
      <div className={classes.size}>
        <Size need={need} />
      </div>
      <Button component={Link} href={href} className={classes.act} variant={isFirst ? 'filled' : 'default'}>
        {t(`act.${word}`)}
      </Button>
    </li>
  );
}

const ICONS = {
  not_sent: IconSendOff,
  failure: IconCircleXFilled,
  retry: IconHandStop,
  silent: IconEyeOff,
  consumer_problem: IconPlugConnectedX,
  blind: IconEyeOff,
} as const;
const RICH = {
  b: (chunks: ReactNode) => <b>{chunks}</b>,
  code: (chunks: ReactNode) => <code>{chunks}</code>,
};

/** Kinds with a consequence that their sentence does not already contain. */
const CONSEQUENCES = [
  'stuck',
  'beyond_end',
  'no_position',
  'no_members',
  'not_assigned',
  'rebalancing',
  'waits_transaction',
  'stays_behind',
] as const;

function hasConsequence(kind: NeedRow['kind']): kind is (typeof CONSEQUENCES)[number] {
  return (CONSEQUENCES as readonly string[]).includes(kind);
}

function isNamed(kind: NeedRow['kind']): kind is keyof typeof ICONS {
  return kind in ICONS;
}

function Chip({ need }: { need: NeedRow }) {
  const t = useTranslations('overview.kind');
  if (need.kind === 'lost_data') return <LostDataChip />;
  if (need.group) return <VerdictChip verdict={need.group.verdict} />;
  const kind = isNamed(need.kind) ? need.kind : 'blind';
  const Icon = ICONS[kind];
  return (
    <span className={classes.chip} data-kind={kind}>
      <Icon size={13} aria-hidden /> {t(kind)}
    </span>
  );
}

function CauseOf({ need }: { need: NeedRow }) {
  const t = useTranslations('overview');
  const nameOf = useWorkerName();
  const format = useFormat();
  const [loss] = need.group?.losses ?? [];
  if (need.kind === 'lost_data' && loss) return <LossSentence loss={loss} />;
  if (need.group) return <VerdictSentence group={need.group} />;
  if (need.failure) {
    return t.rich('cause.failure', {
      ...RICH,
      error: need.failure.error ?? t('noError'),
      type: need.failure.type ?? format.list(need.failure.topics),
      message: need.failure.message ?? '',
    });
  }
  if (need.notSent) {
    return t.rich('cause.not_sent', {
      ...RICH,
      error: need.notSent.error ?? t('noError'),
      topic: need.notSent.topic ?? 'none',
    });
  }
  if (need.retry) return t('cause.retry');
  if (need.trouble) {
    const { service, host, instances, what, error, message } = need.trouble;
    return t.rich('cause.consumer_problem', { ...RICH, service, host, instances, what, error, message });
  }
  if (need.kind === 'silent') return t('cause.silent');
  if (need.blind?.cluster) return t('cause.away', { error: need.blind.error ?? '–' });
  return t('cause.blind', {
    workers: format.list((need.blind?.workers ?? []).map(nameOf)) || 'none',
    error: need.blind?.error ?? 'none',
  });
}

function Size({ need }: { need: NeedRow }) {
  const t = useTranslations('overview');
  const quiet = (text: string) => <div className="quiet">{text}</div>;
  if (need.group) {
    const { lag, lost } = need.group;
    if (need.kind === 'lost_data')
      return (
        <>
          <b className={classes.bad}>{t('size.lost', { count: lost })}</b>
          {quiet(t('consequence.lost_data'))}
        </>
      );
    if (need.kind === 'loses_data')
      return (
        <>
          <LosesIn risk={need.group.risk} />
          {quiet(t('consequence.loses_data'))}
        </>
      );
    return (
      <>
        {lag === null ? t('lagUnknown') : t.rich('size.wait', { ...RICH, count: lag })}
        {hasConsequence(need.kind) ? quiet(t(`consequence.${need.kind}`)) : null}
      </>
    );
  }
  if (need.failure) {
    return (
      <>
        {t.rich('size.failure', { ...RICH, count: need.failure.messages })}
        {quiet(t('consequence.failure', { gaveUp: need.failure.gaveUp }))}
      </>
    );
  }
  if (need.notSent) {
    return (
      <>
        {t.rich('size.failure', { ...RICH, count: need.notSent.messages })}
        {quiet(t('consequence.not_sent'))}
      </>
    );
  }
  if (need.retry)
    return (
      <>
        {t.rich('size.held', { ...RICH, count: need.retry.held })}
        {quiet(t('consequence.retry'))}
      </>
    );
  if (need.kind === 'silent') return quiet(t('consequence.silent'));
  if (need.trouble)
    return (
      <>
        {need.trouble.lag === null ? null : t.rich('size.wait', { ...RICH, count: need.trouble.lag })}
        {quiet(t('consequence.consumer_problem'))}
      </>
    );
  return (
    <>
      {t('size.blind', { count: need.blind?.groups ?? 0 })}
      {quiet(t('consequence.blind'))}
    </>
  );
}

function actionOf(need: NeedRow): {
  href: string;
  word: 'group' | 'failure' | 'not_sent' | 'retry' | 'blind';
} {
  if (need.group) return { href: groupPath(need.group.name), word: 'group' };
  if (need.failure) return { href: failurePath(need.failure), word: 'failure' };
  if (need.notSent) {
    const service = need.subject ? `?service=${encodeURIComponent(need.subject)}` : '';
    return { href: `/messages/not-sent${service}`, word: 'not_sent' };
  }
  if (need.retry) return { href: `/retries/${need.retry.id}`, word: 'retry' };
  // A group that was never measured has no page.
  if (need.trouble?.lag === null) return { href: '/settings/sources', word: 'blind' };
  if (need.kind === 'silent' || need.trouble) return { href: groupPath(need.subject), word: 'group' };
  return { href: '/settings/sources', word: 'blind' };
}
