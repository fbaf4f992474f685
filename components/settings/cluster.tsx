'use client';

import { useTranslations } from 'next-intl';
import type { ClusterHead } from '@/components/page/cluster';
import { Copy } from '@/components/ui/copy';
import { useSettings } from '@/lib/client/use-settings';
import { ConnectionTest } from './connection-test';
import { Rights } from './rights';
import classes from './settings.module.css';

const OWN_KAFKA = 'COURIER_BROKERS=kafka://127.0.0.1:9092 npm start';

/** The connection to the cluster: what Courier reaches, what it may not read, and how to connect another Kafka. */
export function Cluster({ clusters }: { clusters: ClusterHead[] }) {
  const t = useTranslations('settings.cluster');
  const { data } = useSettings();
  if (!data) return null;
  const { cluster } = data;
  return (
    <>
      <section className="panel">
        <div className="panelHead">
          <h2>{cluster.name}</h2>
          <span className="quiet">
            {cluster.kind} · {cluster.environment}
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
          {clusters
            .filter((other) => other.name !== cluster.name)
            .map((other) => (
              <li key={other.name}>
                <b>{t('other', { name: other.name })}</b> <span>{other.environment}</span>
                {/* Pages of another cluster share nothing with these, so the whole document is loaded anew. */}
                <a href={`/settings?cluster=${encodeURIComponent(other.name)}`}>{t('open')}</a>
              </li>
            ))}
          <li>
            <b>{t('own')}</b>
            <span>
              <code>{OWN_KAFKA}</code>
              <span className="quiet">{t('ownHint')}</span>
            </span>
            <Copy value={OWN_KAFKA} what={t('copy')} />
          </li>
        </ul>
        {cluster.rights ? <Rights rights={cluster.rights} /> : null}
      </section>
      {cluster.canTest ? <ConnectionTest /> : null}
    </>
  );
}
