'use client';

import { Button, Tooltip } from '@mantine/core';
import { useTranslations } from 'next-intl';
import { lazy } from '@/components/ui/lazy';
import { useState } from 'react';
import { CopyLink } from '@/components/page/copy-link';
import { Link } from '@/components/page/link';
import { PageProblem } from '@/components/page/problem';
import { Stale } from '@/components/page/stale';
import { Waiting } from '@/components/page/waiting';
import { Bars } from '@/components/ui/charts/bars';
import { useFormat } from '@/components/ui/use-format';
import { ApiError } from '@/lib/client/api';
import { useOpened } from '@/lib/client/recent';
import { useFailure } from '@/lib/client/use-failures';
import type { SelectedDeliveries } from '@/lib/contract/retries';
import { NONE, failurePath, groupPath } from '@/lib/contract/paths';
import type { FailureKey, FailureView } from '@/lib/contract/failures';
import { visibleName } from '@/lib/values/visible-name';
import { Cause } from './cause';
import classes from './failures.module.css';
import { FailureState } from './failure-state';
import { Members } from './members';

const RetryManyDialog = lazy(() =>
  import('@/components/retries/retry-many-dialog').then((module) => module.RetryManyDialog),
);

/** One failure: its cause, when it began, its members, and the way to retry them. */
export function FailurePage({ failure }: { failure: FailureKey }) {
  const t = useTranslations('failures');
  const format = useFormat();
  const query = useFailure(failure);
  const { data, error } = query;
  const palette = useTranslations('palette');
  useOpened(
    failurePath(failure),
    data ? palette('failureOf', { error: data.error ?? palette('unnamedError'), group: data.group }) : null,
  );
  const [chosen, setChosen] = useState<readonly string[]>([]);
  const [retrying, setRetrying] = useState<SelectedDeliveries | null>(null);
  const dialog = retrying ? <RetryManyDialog selected={retrying} onClose={() => setRetrying(null)} /> : null;
  // What failed a moment ago and does not any more is not shown as if it did.
  const isOver = error instanceof ApiError && error.code === 'not_found';
  if (!data || isOver) {
    if (!error) return <Waiting isPage query={query} rows={8} label={t('loading')} />;
    return (
      <>
        <PageProblem
          error={error}
          gone={{ title: t('notFound', { group: failure.group }), hint: t('notFoundHint') }}
          action={<Link href="/failures">{t('toList')}</Link>}
          onAgain={() => void query.refetch()}
        />
        {dialog}
      </>
    );
  }
  const whole: SelectedDeliveries = {
    group: data.group,
    failure: { type: data.type ?? NONE, error: data.error ?? NONE },
  };
  const count = chosen.length || data.messages;
  return (
    <>
      <div className="crumb">
        <Link href="/failures">{t('all')}</Link> <span aria-hidden>›</span>{' '}
        <Link href={groupPath(data.group)}>{visibleName(data.group)}</Link>
      </div>
      <div className={classes.head}>
        <h1>
          {t('titleOf', {
            error: data.error === null ? t('noError') : visibleName(data.error),
            group: visibleName(data.group),
          })}
        </h1>
        <FailureState failure={data} />
        <span className="soft">
          {t('summary', {
            messages: data.messages,
            time: format.time(data.lastAt),
            gaveUp: data.gaveUp,
          })}
        </span>
        <span className="pageActions">
          <CopyLink />
          <Tooltip
            label={t('mayNot', { who: format.list(data.can.retry.who) })}
            disabled={data.can.retry.allowed}
          >
            <Button
              disabled={!data.can.retry.allowed}
              onClick={() =>
                setRetrying(chosen.length > 0 ? { group: data.group, messageIds: [...chosen] } : whole)
              }
            >
              {t('retryAll', { count, group: data.group })}
            </Button>
          </Tooltip>
        </span>
      </div>
      <Stale query={query} />
      <div className={classes.grid}>
        <Cause failure={data} />
        <Began failure={data} />
      </div>
      <Members failure={failure} chosen={chosen} onChoose={setChosen} />
      {dialog}
    </>
  );
}

function Began({ failure }: { failure: FailureView }) {
  const t = useTranslations('failures');
  const format = useFormat();
  const [release] = failure.releases;
  const time = format.time(failure.firstAt);
  return (
    <section className="panel">
      <div className="panelHead">
        <h2>{release ? t('beganWith', { time, release }) : t('beganAt', { time })}</h2>
      </div>
      <div className={classes.began}>
        <p>
          {release
            ? t('beganHint', {
                releases: failure.releases.length,
                list: format.list(failure.releases),
                hosts: failure.hosts,
              })
            : t('beganNoRelease')}
        </p>
        <Bars
          stacks={[{ counts: failure.trend, tone: 'handle-fail-fill' }]}
          width={424}
          height={96}
          label={t('trendLabel', { count: failure.trend.reduce((sum, item) => sum + item, 0) })}
        />
        <div className={classes.axis}>
          <span>{format.time(failure.trendFrom)}</span>
          <span>{format.time(failure.at)}</span>
        </div>
      </div>
    </section>
  );
}
