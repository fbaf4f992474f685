'use client';

import {
  IconChevronDown,
  IconChevronUp,
  IconCircleCheck,
  IconCornerDownRight,
  IconExclamationCircle,
  IconUserCheck,
} from '@tabler/icons-react';
import { useTranslations } from 'next-intl';
import { useState } from 'react';
import { Link } from '@/components/page/link';
import { useFormat } from '@/components/ui/use-format';
import type { EpisodeView, Happened, HappenedRow } from '@/lib/contract/episodes';
import { EpisodeChip } from './episode-chip';
import classes from './episodes.module.css';
import { useEpisodeText } from './use-episode-text';

/** What happened, one row for one cause, in the order of the answer. @param rows those of the answer that are shown */
export function HappenedList({
  rows,
  of: { rows: all, at },
}: {
  rows: readonly HappenedRow[];
  of: Happened;
}) {
  const t = useTranslations('episodes');
  const [unfolded, setUnfolded] = useState<string | null>(null);
  return (
    <>
      <div className={classes.heads} aria-hidden>
        <span />
        {(['what', 'where', 'happened', 'time', 'state'] as const).map((name) => (
          <span key={name}>{t(`column.${name}`)}</span>
        ))}
      </div>
      <ol className={classes.rows}>
        {rows.map((row) => (
          <Row
            key={row.named.id}
            row={row}
            // As on the axis, also where some rows are filtered away.
            number={all.indexOf(row) + 1}
            at={at}
            isUnfolded={unfolded === row.named.id}
            onUnfold={() => setUnfolded(unfolded === row.named.id ? null : row.named.id)}
          />
        ))}
      </ol>
    </>
  );
}

function Row({
  row,
  number,
  at,
  isUnfolded,
  onUnfold,
}: {
  row: HappenedRow;
  number: number;
  at: string;
  isUnfolded: boolean;
  onUnfold: () => void;
}) {
  const t = useTranslations('episodes');
  const { textOf, causeOf } = useEpisodeText();
  const { named, cause, folded } = row;
  const after = causeOf(cause);
  const Chevron = isUnfolded ? IconChevronUp : IconChevronDown;
  return (
    <li>
      <div className={classes.row}>
        <span className={classes.tag} data-open={row.ended === null}>
          {number}
        </span>
        <span>
          <EpisodeChip episode={named} />
        </span>
        <Subject episode={named} />
        <span className={classes.text}>
          {textOf(named)}
          {after ? <span className={classes.after}> {after}</span> : null}
          {named.times > 1 ? <span className="quiet"> {t('times', { count: named.times })}</span> : null}
          {folded.length > 0 ? (
            <button
              type="button"
              className={classes.fold}
              aria-expanded={isUnfolded}
              title={t('unfold')}
              onClick={onUnfold}
            >
              {t('folded', { count: folded.length })} <Chevron size={13} aria-hidden />
            </button>
          ) : null}
        </span>
        <Times began={row.began} beganEarliest={named.beganEarliest} ended={row.ended} at={at} />
        <State row={row} />
      </div>
      {isUnfolded ? (
        <ul className={classes.unfolded}>
          {folded.map((episode) => (
            <li key={episode.id} className={classes.row}>
              <IconCornerDownRight size={14} aria-hidden />
              <span>
                <EpisodeChip episode={episode} />
              </span>
              <Subject episode={episode} />
              <span className={classes.text}>{textOf(episode)}</span>
              <Times
                began={episode.began}
                beganEarliest={episode.beganEarliest}
                ended={episode.ended}
                at={at}
              />
              <span className="quiet">{episode.ended === null ? t('state.open') : t('state.over')}</span>
            </li>
          ))}
        </ul>
      ) : null}
    </li>
  );
}

function Subject({ episode }: { episode: EpisodeView }) {
  const { subjectOf } = useEpisodeText();
  const { words, href } = subjectOf(episode);
  return href ? (
    <Link className={classes.subject} href={href}>
      {words}
    </Link>
  ) : (
    <b className={classes.subject}>{words}</b>
  );
}

/** From when to when it was, and how long. */
function Times({
  began,
  beganEarliest,
  ended,
  at,
}: Pick<EpisodeView, 'began' | 'beganEarliest' | 'ended'> & { at: string }) {
  const t = useTranslations('episodes');
  const format = useFormat();
  const seconds = (Date.parse(ended ?? at) - Date.parse(began)) / 1_000;
  const isExact = beganEarliest === began;
  const title =
    beganEarliest === null || isExact
      ? undefined
      : t('between', { from: format.time(beganEarliest), to: format.time(began) });
  return (
    <span className={classes.times} title={title}>
      {beganEarliest === null ? t('since', { time: format.time(began) }) : format.time(began)} –{' '}
      {ended === null ? t('untilNow') : format.time(ended)}
      <span className="quiet">{format.duration(seconds)}</span>
    </span>
  );
}

function State({ row }: { row: HappenedRow }) {
  const t = useTranslations('episodes');
  const { acknowledged, endReason } = row.named;
  if (row.ended === null)
    return (
      <span className={classes.state}>
        <b className={classes.open}>
          <IconExclamationCircle size={14} aria-hidden /> {t('state.open')}
        </b>
        {acknowledged ? (
          <span className="quiet">{t('ended.acknowledged', { by: acknowledged.by })}</span>
        ) : null}
      </span>
    );
  const Icon = row.endedBy === null ? IconCircleCheck : IconUserCheck;
  return (
    <span className={classes.state}>
      <span className={classes.over}>
        <Icon size={14} aria-hidden /> {t('state.over')}
      </span>
      <span className="quiet">
        {acknowledged
          ? t('ended.acknowledged', { by: acknowledged.by })
          : t(`ended.${endReason ?? 'recovered'}`, { by: row.endedBy ?? '' })}
      </span>
    </span>
  );
}
