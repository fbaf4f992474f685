'use client';

import { useTranslations } from 'next-intl';
import { Copy } from '@/components/ui/copy';
import { useSettings } from '@/lib/client/use-settings';
import classes from './settings.module.css';

const OWN_KAFKA = 'COURIER_BROKERS=kafka://127.0.0.1:9092 npm start';

/** How Courier stands to its cluster: what it reaches, what it may not read, and how to come to one's own. */
export function Cluster() {
  const t = useTranslations('settings.cluster');
  const { data } = useSettings();
  if (!data) return null;
  const { cluster } = data;
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
