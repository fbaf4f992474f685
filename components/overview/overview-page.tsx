'use client';

import { useTranslations } from 'next-intl';
import { lazy } from '@/components/ui/lazy';
import { Link } from '@/components/page/link';
import { PageProblem } from '@/components/page/problem';
import { Stale } from '@/components/page/stale';
import { Waiting } from '@/components/page/waiting';
import { State } from '@/components/ui/state';
import { useFormat } from '@/components/ui/use-format';
import { useOverview } from '@/lib/client/use-overview';
import type { OverviewView } from '@/lib/contract/overview';
import { OverviewTabs } from './overview-tabs';
import { Charts } from './charts';
import { Healing } from './healing';
import { NeedList } from './need-list';
import classes from './overview.module.css';

const ThingsToTry = lazy(() => import('./things-to-try').then((module) => module.ThingsToTry));

/** The first page is the answer: what needs a person, what heals by itself, the last hour. */
export function OverviewPage({ isDemo }: { isDemo: boolean }) {
  const t = useTranslations('overview');
  const query = useOverview();
  const { data, error } = query;
  if (!data) {
    if (!error) return <Waiting isPage query={query} rows={8} label={t('loading')} />;
    return <PageProblem error={error} onAgain={() => void query.refetch()} />;
  }
  return (
    <div className={isDemo ? classes.withAside : undefined}>
      <div>
        <div className={classes.head}>
          <h1>{t('title')}</h1>
          <OverviewTabs />
        </div>
        <p className={classes.sentence}>
          <Sentence overview={data} />
        </p>
        <Stale query={query} />
        {data.needs.length > 0 ? (
          <NeedList needs={data.needs} more={data.more} at={data.at} />
        ) : (
          <Rest overview={data} />
        )}
        <Healing overview={data} />
        <Charts overview={data} />
      </div>
      {isDemo ? <ThingsToTry overview={data} /> : null}
    </div>
  );
}

function Sentence({ overview }: { overview: OverviewView }) {
  const t = useTranslations('overview');
  const needs = overview.needs.length + overview.more;
  if (overview.blind) return t('blindSentence', { needs });
  if (overview.groups === 0) return t('noGroups');
  return t.rich('sentence', {
    needs,
    look: overview.standings.needs_a_look,
    way: overview.standings.on_its_way,
    well: overview.standings.well,
    unknown: overview.standings.not_known,
    groups: overview.groups,
    b: (chunks) => <b>{chunks}</b>,
    link: (chunks) => <Link href="/groups">{chunks}</Link>,
  });
}

/** Shown when nothing needs attention: states that, what is watched, and the last failure that healed. */
function Rest({ overview }: { overview: OverviewView }) {
  const t = useTranslations('overview');
  const format = useFormat();
  const [last] = overview.healed;
  if (overview.groups === 0 && overview.topics === 0)
    return (
      <div className="panel">
        <State title={t('nothingYet')} action={<Link href="/settings">{t('toSettings')}</Link>}>
          {t('nothingYetHint')}
        </State>
      </div>
    );
  return (
    <div className="panel">
      <State
        title={t(overview.trying.length > 0 ? 'rest' : 'failing')}
        action={<Link href="/messages">{t('lastHour')}</Link>}
      >
        {t('restHint', {
          error: last?.error ?? 'none',
          group: last?.group ?? '',
          time: last ? format.time(last.to) : '',
          groups: overview.groups,
          topics: overview.topics,
          late: overview.lateSeconds === null ? 'none' : format.duration(overview.lateSeconds),
        })}
      </State>
    </div>
  );
}
