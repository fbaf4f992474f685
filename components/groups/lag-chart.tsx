'use client';

import { useTranslations } from 'next-intl';
import type { Edge, Forecast, TimeBand } from '@/components/ui/charts/annotations';
import { lastOf, MAX_LINES, TimeChart } from '@/components/ui/charts/time-chart';
import { useFormat } from '@/components/ui/use-format';
import { usePhone } from '@/components/ui/use-phone';
import { Rail } from '@/components/episodes/rail';
import type { EpisodeView } from '@/lib/contract/episodes';
import type { GroupView, LagSeries } from '@/lib/contract/groups';
import classes from './groups.module.css';
import { forecastOf } from './lag-forecast';

/** Low enough that the chart and the worst partitions fit on one screen. */
const HEIGHT = 252;
/** So many steps without a measurement are no accident of where a step ends. */
const LATE_STEPS = 3;
/** A line of fewer points than this is not worth its own axis. */
const MIN_STEPS = 12;

/** Lag over time; a gap in the measurements is a gap in the line. */
export function LagChart({
  lag: given,
  since,
  onZoom,
  isLive,
  lagNow,
  worst = null,
  episodes = [],
}: {
  lag: LagSeries;
  /** The begin of a verdict that is marked, in milliseconds since 1970, and its words; null: none is. */
  since: { at: number; label: string } | null;
  onZoom: (from: string, to: string) => void;
  /** Whether it ends now. */
  isLive: boolean;
  /** What the lines are now, by name. */
  lagNow: ReadonlyMap<string, number | null>;
  /** The partition that the only line is of, whose future is drawn; null: no future is drawn. */
  worst?: GroupView['partitions'][number] | null;
  /** What happened to the group meanwhile. */
  episodes?: readonly EpisodeView[];
}) {
  const t = useTranslations('groups');
  const happened = useTranslations('episodes.kind');
  const format = useFormat();
  const max = usePhone() ? 1 : MAX_LINES;
  const lag = isLive ? fromFirst(given) : given;
  const lines = lag.series
    .slice(0, max)
    .map((line) => ({ ...line, ...(isLive ? { now: lagNow.get(line.name) ?? null } : {}) }));
  const timeText = (at: number) => format.time(new Date(at).toISOString());
  if (lines.length === 0) return <p className={classes.noChart}>{t('noChart')}</p>;
  const silence = isLive ? silenceOf(lag) : null;
  const summary = format.list(
    lines.map(({ name, values, now = lastOf(values) }) => `${name} ${format.number(now ?? 0)}`),
  );
  const bandOf = ({ kind, began, ended }: EpisodeView): TimeBand => ({
    from: Date.parse(began),
    to: ended === null ? Infinity : Date.parse(ended),
    label: happened(kind),
    ...(kind === 'no_members' ? { tone: 'bad' as const } : {}),
  });
  const [line] = lines;
  const future = isLive && worst && line ? forecastOf(lag, line.values, worst) : null;
  const forecast: Forecast | null = future && {
    points: future.points,
    end: future.isLoss ? t('deletedAt', { time: timeText(future.points.at(-1)?.at ?? 0) }) : null,
  };
  const fits = worst?.risk?.kind === 'at' ? worst.risk.fits : null;
  // An edge far above the line would press it flat.
  const highest = Math.max(
    0,
    ...(line?.values ?? []).map((value) => value ?? 0),
    ...(future?.points ?? []).map(({ value }) => value),
  );
  const edge: Edge | null =
    future && fits !== null && fits <= highest * 3
      ? { value: fits, label: t('edge', { count: fits }) }
      : null;
  const acts = episodes.filter(({ kind }) => ACTS.has(kind));
  const bands: TimeBand[] = [
    ...(silence ? [{ ...silence, label: t('notMeasured', { time: timeText(silence.from) }) }] : []),
    ...episodes.filter(({ kind }) => kind === 'no_members' || kind === 'gap').map(bandOf),
  ];
  return (
    <TimeChart
      lines={lines}
      from={Date.parse(lag.from)}
      stepSeconds={lag.stepSeconds}
      height={HEIGHT}
      onZoom={onZoom}
      formatValue={(value) => format.number(value)}
      formatTime={timeText}
      words={{
        label: t('chartLabel', { summary }),
        keys: t('chartKeys'),
        asTable: t('asTable'),
        asChart: t('asChart'),
        time: t('time'),
      }}
      bands={bands}
      rail={(from, to) => <Rail marks={acts} from={from} to={to} />}
      marks={since === null ? [] : [since]}
      forecast={forecast}
      edge={edge}
      legend={
        <>
          {forecast ? <span className={classes.ifNothing}>{t('ifNothingChanges')}</span> : null}
          {lag.series.length > max ? (
            <span className="quiet">{t('moreLines', { count: lag.series.length - max })}</span>
          ) : null}
        </>
      }
    />
  );
}

/** What people, releases and members did: marks below the axis. */
const ACTS = new Set<EpisodeView['kind']>(['release', 'retry', 'position_moved', 'rebalances']);

/** The series from the first measurement on. */
function fromFirst(lag: LagSeries): LagSeries {
  const firsts = lag.series.map(({ values }) => values.findIndex((value) => value !== null));
  const measured = firsts.filter((at) => at >= 0);
  const steps = lag.series[0]?.values.length ?? 0;
  const first = Math.max(0, Math.min(Math.min(...measured), steps - MIN_STEPS));
  if (measured.length === 0 || first === 0) return lag;
  return {
    ...lag,
    from: new Date(Date.parse(lag.from) + first * lag.stepSeconds * 1_000).toISOString(),
    series: lag.series.map(({ name, values }) => ({ name, values: values.slice(first) })),
  };
}

/** The time at the end of which nothing was measured; null where it is no longer than steps may take. */
function silenceOf({ from, stepSeconds, series }: LagSeries): Pick<TimeBand, 'from' | 'to'> | null {
  const steps = series[0]?.values.length ?? 0;
  const isMeasured = (step: number) => series.some(({ values }) => (values[step] ?? null) !== null);
  const last = Array.from({ length: steps }, (_, step) => step).findLast(isMeasured);
  if (last === undefined || steps - 1 - last <= LATE_STEPS) return null;
  const timeOf = (step: number) => Date.parse(from) + step * stepSeconds * 1_000;
  return { from: timeOf(last), to: timeOf(steps - 1) };
}
