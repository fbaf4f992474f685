'use client';

import { useTranslations } from 'next-intl';
import { Link } from '@/components/shell/link';
import { PageProblem } from '@/components/shell/problem';
import { Stale } from '@/components/shell/stale';
import { Waiting } from '@/components/shell/waiting';
import { Copy } from '@/components/ui/copy';
import { useFormat } from '@/components/ui/use-format';
import { useSettings } from '@/lib/client/use-settings';
import type { SettingsView } from '@/lib/domain/settings-views';
import classes from './settings.module.css';
import { Sessions } from './sessions';
import { Sources } from './sources';
import { Tokens } from './tokens';

/** How Courier stands to its cluster, what it reads and keeps, and who may send to it. */
export function SettingsPage() {
  const t = useTranslations('settings');
  const query = useSettings();
  const { data, error } = query;
  if (!data) {
    if (!error) return <Waiting isPage query={query} rows={8} label={t('loading')} />;
    return <PageProblem error={error} onAgain={() => void query.refetch()} />;
  }
  return (
    <>
      <h1 className={classes.title}>{t('title')}</h1>
      <Stale query={query} />
      <div className={classes.grid}>
        <Cluster settings={data} />
        <Sources settings={data} />
        <Kept settings={data} />
        <Sessions />
        {data.can.manageTokens ? <Tokens /> : null}
      </div>
    </>
  );
}

const OWN_KAFKA = 'COURIER_BROKERS=kafka://127.0.0.1:9092 npm start';

function Cluster({ settings }: { settings: SettingsView }) {
  const t = useTranslations('settings.cluster');
  const { cluster } = settings;
  return (
    <section className="panel">
      <div className="panelHead">
        <h2>{t('title')}</h2>
        <span className="quiet">
          {cluster.name} · {cluster.kind} · {cluster.environment}
        </span>
      </div>
      <ul className={classes.list}>
        {cluster.checks.map(({ what, problem }) => (
          <li key={what} data-bad={problem !== null}>
            <b>{t(`check.${what}`)}</b> <span>{problem ?? t('answered')}</span>
          </li>
        ))}
        {cluster.brokers.map((broker) => (
          <li key={broker.id}>
            <b>{t('broker', { id: broker.id })}</b> <code>{broker.address}</code>
          </li>
        ))}
        {cluster.brokerClusterId ? (
          <li>
            <b>{t('id')}</b> <code>{cluster.brokerClusterId}</code>
          </li>
        ) : null}
        <li>
          <b>{t('own')}</b>
          <span>
            <code>{OWN_KAFKA}</code> <Copy value={OWN_KAFKA} what={t('copy')} />
            <span className="quiet">{t('ownHint')}</span>
          </span>
        </li>
      </ul>
    </section>
  );
}

function Kept({ settings }: { settings: SettingsView }) {
  const t = useTranslations('settings.kept');
  const format = useFormat();
  const { retention, indexing } = settings;
  return (
    <section className="panel">
      <div className="panelHead">
        <h2>{t('title')}</h2>
      </div>
      <ul className={classes.list}>
        <li>
          <b>{t('messages')}</b> <span>{t('days', { count: retention.days })}</span>
        </li>
        <li>
          <b>{t('bodies')}</b> <span>{t('days', { count: retention.bodyDays })}</span>
        </li>
        <li>
          <b>{t('lag')}</b> <span>{t('every', { time: format.duration(retention.sampleSeconds) })}</span>
        </li>
        <li>
          <b>{t('indexed')}</b>
          <span>
            {t('topics', { count: indexing.indexed })}
            {indexing.notIndexed.length > 0
              ? ` · ${t('not', { names: indexing.notIndexed.join(', ') })}`
              : null}{' '}
            <Link className="inText" href="/topics">
              {t('perTopic')}
            </Link>
          </span>
        </li>
      </ul>
      <p className={classes.note}>{t('hint')}</p>
    </section>
  );
}
