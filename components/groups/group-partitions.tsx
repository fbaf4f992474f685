import { useTranslations } from 'next-intl';
import { StatusChip } from '@/components/status/status-chip';
import { Link } from '@/components/page/link';
import { Sparkline } from '@/components/ui/charts/sparkline';
import { useFormat } from '@/components/ui/use-format';
import { recordPath } from '@/lib/contract/paths';
import { shortId } from '@/lib/protocol/uuid';
import type { GroupView } from '@/lib/contract/groups';
import type { MessageListRow } from '@/lib/contract/messages';
import { useBehind } from './use-behind';
import classes from './groups.module.css';
import { LosesIn } from './loses-in';
import { MoveButton } from './moves/move-button';
import { SkipButton } from './moves/skip-button';

type Partition = GroupView['partitions'][number];
const COLUMNS = 10;

/** Partitions of a consumer group with their members; a stuck one also shows the record at its position. */
export function GroupPartitions({
  group,
  rows,
  label,
}: {
  group: GroupView;
  rows: readonly Partition[];
  label: string;
}) {
  const t = useTranslations('groups');
  return (
    <section className="panel" aria-label={label}>
      <table className={`${classes.plain} phoneRows labelled`}>
        <thead>
          <tr>
            <th>{t('partition')}</th>
            <th>{t('heldBy')}</th>
            <th>{t('host')}</th>
            <th className="num">{t('position')}</th>
            <th className="num">{t('end')}</th>
            <th className="num">{t('lag')}</th>
            <th className="num">{t('behind')}</th>
            <th className="num">{t('inOut')}</th>
            <th className="num">{t('loses')}</th>
            <th>{t('lastHour')}</th>
          </tr>
        </thead>
        {rows.map((row) => (
          <tbody key={`${row.topic}/${row.partition}`} data-stands={row.stands !== null}>
            <Row row={row} areMembersKnown={group.members !== null} />
            {row.stands && row.committed !== null ? (
              <StandsAt group={group} row={row} offset={row.committed} message={row.stands.message} />
            ) : null}
          </tbody>
        ))}
      </table>
    </section>
  );
}

function Row({ row, areMembersKnown }: { row: Partition; areMembersKnown: boolean }) {
  const t = useTranslations('groups');
  const format = useFormat();
  const behindText = useBehind();
  return (
    <tr>
      <td>
        {row.topic} / {row.partition}
      </td>
      <td className={classes.heldBy}>
        {row.member ?? (areMembersKnown ? <span className={classes.never}>{t('nobody')}</span> : '–')}
      </td>
      <td className="onWide">{row.host ?? '–'}</td>
      <td className="num onWide">
        {row.committed === null ? t('noPosition') : format.number(Number(row.committed))}
      </td>
      <td className="num onWide">{format.number(Number(row.end))}</td>
      <td className={`num ${classes.partitionLag}`} data-label={t('lag')}>
        {row.lag === null ? '–' : row.lag > 0 ? <b>{format.number(row.lag)}</b> : 0}
      </td>
      <td className={`num ${classes.partitionBehind}`} data-label={t('behind')}>
        {behindText(row.behindSeconds, row.behindIsAtLeast)}
      </td>
      <td className="num onWide">
        {format.rate(row.rateIn ?? 0)}, {format.rate(row.rateOut ?? 0)}
      </td>
      <td className="num onWide">
        <LosesIn risk={row.risk} />
      </td>
      <td className={`onWide ${classes.partitionSpark}`}>
        {row.spark.length > 0 ? (
          <Sparkline
            values={row.spark}
            tone={row.stands ? 'handle-fail-fill' : 'text3'}
            label={t('sparkLabel', { lag: row.lag === null ? '–' : format.number(row.lag) })}
          />
        ) : (
          '–'
        )}
      </td>
    </tr>
  );
}

/** The record at the position of a stuck partition, with its message where that is stored. */
function StandsAt({
  group,
  row: { topic, partition },
  offset,
  message,
}: {
  group: GroupView;
  row: Partition;
  offset: string;
  message: MessageListRow | null;
}) {
  const t = useTranslations('groups');
  const format = useFormat();
  return (
    <tr className={classes.standsAt}>
      <td colSpan={COLUMNS} className="wholeRow">
        <div>
          <span className="quiet">{t('standsAt')}</span> <code>{format.number(Number(offset))}</code>
          {message ? (
            <>
              <Link href={`/messages/${message.id}`}>
                <code title={message.id}>{shortId(message.id)}</code>
              </Link>
              {message.key === null ? null : <code>{message.key}</code>}
              {message.type === null ? null : <span>{message.type}</span>}
              <StatusChip status={message.status} detail={message.detail} />
              <span className="soft">
                {t('triedSoFar', { count: message.attempts })}
                {message.error ? ` · ${message.error.type}` : null}
              </span>
            </>
          ) : (
            <span className="soft">{t('standsUnknown')}</span>
          )}
          <Link
            href={message ? `/messages/${message.id}` : recordPath(topic, partition, offset)}
            className={classes.openMessage}
          >
            {t(message ? 'openMessage' : 'openRecord')}
          </Link>
          {group.canSkip ? (
            <SkipButton name={group.name} place={{ topic, partition, offset }} />
          ) : (
            <MoveButton
              group={group}
              start={{ topic, partition, offset: (BigInt(offset) + 1n).toString() }}
              words={t('move.past')}
            />
          )}
        </div>
      </td>
    </tr>
  );
}
