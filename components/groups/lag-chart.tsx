'use client';

import { useTranslations } from 'next-intl';
import { lastOf, MAX_LINES, TimeChart, type TimeBand } from '@/components/ui/charts/time-chart';
import { useFormat } from '@/components/ui/use-format';
import { usePhone } from '@/components/ui/use-phone';
import type { LagSeries } from '@/lib/contract/groups';
import classes from './groups.module.css';

/** Low enough that both charts and the worst partitions fit on one screen. */
const HEIGHT = 188;
/** So many steps without a measurement are no accident of where a step ends. */
const LATE_STEPS = 3;

/** Lag over time; a gap in the measurements is a gap in the line. */
export function LagChart({
  lag,
  since,
  onZoom,
  isLive,
}: {
  lag: LagSeries;
  /** The begin of a verdict that is marked, in milliseconds since 1970, and its words; null: none is. */
  since: { at: number; label: string } | null;
  onZoom: (from: string, to: string) => void;
  /** Whether it ends now. */
  isLive: boolean;
}) {
  const t = useTranslations('groups');
  const format = useFormat();
  const max = usePhone() ? 1 : MAX_LINES;
  const lines = lag.series.slice(0, max);
  const timeText = (at: number) => format.time(new Date(at).toISOString());
  if (lines.length === 0) return <p className={classes.noChart}>{t('noChart')}</p>;
  const silence = isLive ? silenceOf(lag) : null;
  const summary = format.list(
    lines.map(({ name, values }) => `${name} ${format.number(lastOf(values) ?? 0)}`),
  );
  return (
    <TimeChart
      lines={lines}
      from={Date.parse(lag.from)}
      stepSeconds={lag.stepSeconds}
      height={HEIGHT}
      syncId="lag"
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
      bands={silence ? [{ ...silence, label: t('notMeasured', { time: timeText(silence.from) }) }] : []}
      marks={since === null ? [] : [since]}
      legend={
        lag.series.length > max ? (
          <span className="quiet">{t('moreLines', { count: lag.series.length - max })}</span>
        ) : null
      }
    />
  );
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
