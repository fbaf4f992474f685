'use client';

import { groupPath, topicPath } from '@/lib/contract/paths';
import { useTranslations } from 'next-intl';
import { VerdictChip } from '@/components/status/verdict-chip';
import { Link } from '@/components/page/link';
import { State } from '@/components/ui/state';
import { useFormat } from '@/components/ui/use-format';
import { useTopic } from '@/lib/client/use-topics';
import type { TopicView } from '@/lib/contract/topics';
import { visibleName } from '@/lib/values/visible-name';
import classes from './topics.module.css';

/** Partitions of a topic: where each log begins and ends. */
export function TopicPartitions({ name }: { name: string }) {
  const t = useTranslations('topics.partition');
  const unread = useTranslations('topics.unread');
  const format = useFormat();
  const { data: topic } = useTopic(name);
  if (!topic) return null;
  return (
    <div className="panel">
      <table className={`${classes.table} phoneRows labelled`} aria-label={t('partition')}>
        <thead>
          <tr>
            <th>{t('partition')}</th>
            <th className="num">{t('start')}</th>
            <th className="num">{t('end')}</th>
            <th className="num">{t('records')}</th>
            <th className="num">{t('rate')}</th>
          </tr>
        </thead>
        <tbody>
          {topic.partitions.map((row) => (
            <tr key={row.partition}>
              <td data-label={t('partition')}>{row.partition}</td>
              {row.log === null ? (
                <td colSpan={3} className={classes.unread} data-label={t('records')}>
                  {unread(row.unread ?? 'unreachable')}
                </td>
              ) : (
                <>
                  <td className="num onWide">{format.number(Number(row.log.start))}</td>
                  <td className="num onWide">{format.number(Number(row.log.end))}</td>
                  <td className="num" data-label={t('records')}>
                    {format.number(row.log.records)}
                  </td>
                </>
              )}
              <td className="num onWide">{row.rateIn === null ? '–' : format.rate(row.rateIn)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

/** Who reads a topic, and where what each group failed on goes. */
export function TopicGroups({ name }: { name: string }) {
  const t = useTranslations('topics.group');
  const format = useFormat();
  const { data: topic } = useTopic(name);
  if (!topic) return null;
  return (
    <>
      {topic.groups.length === 0 ? (
        <div className="panel">
          <State title={t('none')} />
        </div>
      ) : (
        <ReadersNow groups={topic.groups} />
      )}
      {topic.pastGroups.length > 0 ? (
        <section className={`panel ${classes.past}`}>
          <div className="panelHead">
            <h2>{t('past')}</h2>
          </div>
          <ul>
            {topic.pastGroups.map(({ name: group, seenAt }) => (
              <li key={group}>
                <Link href={groupPath(group)}>{visibleName(group)}</Link>{' '}
                <span className="quiet">{t('lastSeen', { time: format.time(seenAt) })}</span>
              </li>
            ))}
          </ul>
        </section>
      ) : null}
    </>
  );
}

function ReadersNow({ groups }: { groups: TopicView['groups'] }) {
  const t = useTranslations('topics.group');
  const format = useFormat();
  return (
    <div className="panel">
      <table className={`${classes.table} ${classes.readers} phoneRows labelled`} aria-label={t('group')}>
        <thead>
          <tr>
            <th>{t('group')}</th>
            <th>{t('verdict')}</th>
            <th className="num">{t('lag')}</th>
            <th>{t('retry')}</th>
            <th>{t('dead')}</th>
          </tr>
        </thead>
        <tbody>
          {groups.map((group) => (
            <tr key={group.name}>
              <td className="wholeRow">
                <Link href={groupPath(group.name)}>
                  <b>{visibleName(group.name)}</b>
                </Link>{' '}
                <span className="quiet">{t(group.reports ? 'reports' : 'silent')}</span>
              </td>
              <td className={classes.verdict}>
                <VerdictChip verdict={group.verdict} />
              </td>
              <td className="num" data-label={t('lag')}>
                {group.lag === null ? '–' : format.number(group.lag)}
              </td>
              <td className="wholeRow" data-label={t('retry')}>
                {group.retryTopic && group.retryReady ? (
                  <Link href={topicPath(group.retryTopic)}>{group.retryTopic}</Link>
                ) : (
                  <span className="quiet">{t('noRetry')}</span>
                )}
              </td>
              <td className="wholeRow" data-label={t('dead')}>
                {group.deadLetters ? (
                  <Link href={topicPath(group.deadLetterTopic)}>{group.deadLetterTopic}</Link>
                ) : (
                  <span className="soft">{group.deadLetterTopic}</span>
                )}{' '}
                <span className="quiet">
                  {group.deadLetters === null ? null : t('letters', { count: group.deadLetters })}
                </span>
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
