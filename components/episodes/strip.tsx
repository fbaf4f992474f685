'use client';

import { useTranslations } from 'next-intl';
import { timeTicks } from '@/components/ui/charts/scale';
import { useFormat } from '@/components/ui/use-format';
import { usePhone } from '@/components/ui/use-phone';
import type { EpisodeView, Happened, HappenedRow } from '@/lib/contract/episodes';
import classes from './episodes.module.css';
import { Mark } from './mark';
import { useEpisodeText } from './use-episode-text';

const LANES = ['brokers', 'groups', 'acts'] as const;
type Lane = (typeof LANES)[number];
const MAX_TICKS = 7;
/** From this length on, ticks are days. */
const DAYS_MS = 36 * 3_600_000;
/** Shortest axis. */
const MIN_MS = 300_000;
/** Share of the axis that a bar takes at least, with its number. */
const BAR = 0.03;
const LEVEL_PX = 18;

function laneOf({ kind }: EpisodeView): Lane {
  if (kind === 'broker_away' || kind === 'partition_offline') return 'brokers';
  return kind === 'release' || kind === 'retry' || kind === 'position_moved' ? 'acts' : 'groups';
}

/** What happened on one axis of time: brokers, groups, and what people and releases did. Its numbers are those of the rows. */
export function Strip({ data, lanes = LANES }: { data: Happened; lanes?: readonly Lane[] }) {
  const t = useTranslations('episodes');
  const format = useFormat();
  const isPhone = usePhone();
  const to = Date.parse(data.to);
  // There are no episodes from before.
  const from = Math.max(Date.parse(data.from), Math.min(Date.parse(data.knownSince), to - MIN_MS));
  const length = Math.max(1, to - from);
  const place = (at: number) => (Math.min(Math.max(at, from), to) - from) / length;
  const gaps = data.marks.filter(({ kind }) => kind === 'gap');
  const acts = data.marks.filter(({ kind }) => kind !== 'gap');
  const mark = (at: number) => (length > DAYS_MS ? format.day(new Date(at).toISOString()) : format.mark(at));
  return (
    <section
      className={`panel ${classes.strip}`}
      aria-label={t('stripLabel', {
        from: format.time(data.from),
        to: format.time(data.to),
        count: data.rows.length,
      })}
    >
      <div className={classes.legend}>
        <b>{format.duration(length / 1_000)}</b>
        {(['open', 'over', 'release', 'retry', 'move', 'gap'] as const).map((name) => (
          <span key={name} data-mark={name}>
            <i aria-hidden /> {t(`legend.${name}`)}
          </span>
        ))}
      </div>
      <div className={classes.lanes}>
        {lanes.map((lane) => {
          const bars = levelled(
            data.rows.flatMap((row, index) =>
              laneOf(row.named) === lane ? [{ row, number: index + 1 }] : [],
            ),
            (row) => [place(Date.parse(row.began)), place(Date.parse(row.ended ?? data.at))],
          );
          const levels = Math.max(1, ...bars.map(({ level }) => level + 1));
          return (
            <div key={lane} className={classes.lane} style={{ height: levels * LEVEL_PX + 10 }}>
              <span>{t(`lane.${lane}`)}</span>
              <div className={classes.axis}>
                {gaps.map((gap) => (
                  <i
                    key={gap.id}
                    className={classes.gap}
                    style={spanOf(place, Date.parse(gap.began), Date.parse(gap.ended ?? data.at))}
                  />
                ))}
                {lane === 'acts'
                  ? acts.map((act) => <Mark key={act.id} act={act} left={place(Date.parse(act.began))} />)
                  : bars.map((bar) => <Bar key={bar.row.named.id} {...bar} place={place} at={data.at} />)}
              </div>
            </div>
          );
        })}
        <div className={classes.ticks} aria-hidden>
          {timeTicks(from, to, isPhone ? 4 : MAX_TICKS).map((at) => (
            <span key={at} style={{ left: `${place(at) * 100}%` }}>
              {mark(at)}
            </span>
          ))}
        </div>
      </div>
    </section>
  );
}

function spanOf(place: (at: number) => number, from: number, to: number) {
  const [left, right] = [place(from), place(to)];
  return { left: `${left * 100}%`, width: `max(3px, ${(right - left) * 100}%)` };
}

/** Puts bars that would overlap below each other. @param spanOf begin and end of a row, as shares of the axis */
function levelled(
  bars: { row: HappenedRow; number: number }[],
  spanOf: (row: HappenedRow) => [number, number],
): { row: HappenedRow; number: number; level: number }[] {
  const ends: number[] = [];
  return bars
    .map((bar) => ({ bar, span: spanOf(bar.row) }))
    .sort((a, b) => a.span[0] - b.span[0])
    .map(({ bar, span: [begin, end] }) => {
      const free = ends.findIndex((taken) => taken + BAR <= begin);
      const level = free < 0 ? ends.length : free;
      ends[level] = end;
      return { ...bar, level };
    });
}

function Bar({
  row,
  number,
  level,
  place,
  at,
}: {
  row: HappenedRow;
  number: number;
  level: number;
  place: (at: number) => number;
  at: string;
}) {
  const { subjectOf } = useEpisodeText();
  const { words } = subjectOf(row.named);
  const isOpen = row.ended === null;
  const style = spanOf(place, Date.parse(row.began), Date.parse(row.ended ?? at));
  return (
    <span
      className={classes.bar}
      data-open={isOpen}
      style={{ ...style, top: level * LEVEL_PX + 8 }}
      title={words}
    >
      <b data-open={isOpen}>{number}</b>
    </span>
  );
}
