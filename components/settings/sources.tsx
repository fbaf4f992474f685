'use client';

import { useTranslations } from 'next-intl';
import { InstanceTrouble } from '@/components/groups/consumer-troubles';
import { useWorkerName } from '@/components/page/use-worker-name';
import { useFormat } from '@/components/ui/use-format';
import { useSettings } from '@/lib/client/use-settings';
import type { SettingsView } from '@/lib/contract/settings';
import classes from './settings.module.css';

/** Where facts come from: how late each source is, what was dropped, refused or missed. */
export function Sources() {
  const t = useTranslations('settings.sources');
  const format = useFormat();
  const { data } = useSettings();
  if (!data) return null;
  const { sources, rejected, waiting, gaps, topicPrefix, otherPrefixes, troubles } = data;
  const missed = gaps.reduce((sum, gap) => sum + countOf(gap), 0);
  return (
    <section className="panel">
      <ul className={classes.list}>
        {sources.map((source) => (
          <SourceLine key={source.worker} source={source} />
        ))}
        {otherPrefixes.map(({ service, prefix }) => (
          <li key={`${service} ${prefix}`} data-bad>
            <b>{t('otherPrefix')}</b>
            <span>{t('otherPrefixHint', { service, prefix, own: topicPrefix })}</span>
          </li>
        ))}
        <li data-bad={troubles.some(({ problems }) => problems.length > 0)}>
          <b>{t('troubles')}</b>
          <span>
            {troubles.length === 0 ? t('noTroubles') : null}
            {troubles.map((trouble) => (
              <div key={`${trouble.group} ${trouble.service} ${trouble.host} ${trouble.process}`}>
                <InstanceTrouble trouble={trouble} group={trouble.group} />
              </div>
            ))}
          </span>
        </li>
        <li>
          <b>{t('rejected')}</b>
          <span>
            {t('rejectedCount', { count: rejected.count })}
            {rejected.newest.slice(0, 5).map((item) => (
              <code key={item.place}>
                {format.time(item.at)} {item.place}: {item.reason}
              </code>
            ))}
          </span>
        </li>
        <li>
          <b>{t('waiting')}</b>
          <span>
            {t('waitingCount', {
              count: waiting.count,
              time: waiting.since === null ? '' : format.time(waiting.since),
            })}
          </span>
        </li>
        <li>
          <b>{t('gaps')}</b>
          <span>
            {gaps.length === 0 ? t('noGaps') : t('gapCount', { count: gaps.length, records: missed })}
            {gaps.map((gap) => (
              <code key={`${gap.source} ${gap.topic} ${gap.partition} ${gap.from}`}>
                {t('gap', {
                  source: gap.source,
                  place: `${gap.topic}/${gap.partition}`,
                  count: countOf(gap),
                  from: gap.from,
                  // `to` is exclusive: its record was read.
                  to: String(BigInt(gap.to) - 1n),
                  time: format.time(gap.foundAt),
                })}
              </code>
            ))}
          </span>
        </li>
      </ul>
    </section>
  );
}

/** One source: how late it is, what it has still to read, and what it lost or cannot read. */
function SourceLine({ source }: { source: SettingsView['sources'][number] }) {
  const t = useTranslations('settings.sources');
  const states = useTranslations('workers.state');
  const nameOf = useWorkerName();
  const format = useFormat();
  return (
    <li data-bad={source.state !== 'running' && source.state !== 'standby'}>
      <b>{nameOf(source.worker)}</b>
      <span>
        {states(stateOf(source.state))}
        {source.delaySeconds === null || source.state !== 'running'
          ? null
          : ` · ${t('late', { time: format.duration(source.delaySeconds) })}`}
        {source.unread && source.state === 'running'
          ? ` · ${t('unread', {
              count: source.unread,
              rate: source.perSecond ?? 0,
              left: source.leftSeconds === null ? 'none' : format.duration(source.leftSeconds),
            })}`
          : null}
        {source.leftOut > 0 ? ` · ${t('leftOut', { count: source.leftOut })}` : null}
        {source.dropped ? ` · ${t('dropped', { count: source.dropped })}` : null}
        {source.standing.length > 0 ? (
          <>
            {' '}
            · {t('standing', { count: source.standing.length })}
            {source.standing.slice(0, 5).map((item) => (
              <code key={item}>{item}</code>
            ))}
          </>
        ) : null}
        {source.error ? <code>{source.error}</code> : null}
      </span>
    </li>
  );
}

function countOf(gap: { from: string; to: string }): number {
  return Number(BigInt(gap.to) - BigInt(gap.from));
}

const STATES = ['starting', 'running', 'standby', 'failing', 'stopped', 'silent'] as const;

function stateOf(state: string): (typeof STATES)[number] {
  return STATES.find((item) => item === state) ?? 'silent';
}
