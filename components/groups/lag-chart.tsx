'use client';

import { useTranslations } from 'next-intl';
import { useState } from 'react';
import {
  CartesianGrid,
  Line,
  LineChart,
  ReferenceArea,
  ResponsiveContainer,
  Tooltip,
  XAxis,
  YAxis,
} from 'recharts';
import { useFormat } from '@/components/ui/use-format';
import { usePhone } from '@/components/ui/use-phone';
import type { LagSeries } from '@/lib/contract/groups';
import classes from './groups.module.css';

const MAX_LINES = 8;
/** Low enough that both charts and the worst partitions stand on one screen. */
const HEIGHT = 188;
/** So many steps without a measurement are no accident of where a step ends. */
const LATE_STEPS = 3;
const COLOURS = [
  'line',
  'line2',
  'push-fail-fill',
  'send-fail-fill',
  'committed-fill',
  'handle-fail-fill',
  'handled-fill',
  'text3',
];

/** Lag over time; a gap in the measurements is a gap in the line. The same numbers stand as a table behind a click. */
export function LagChart({
  lag,
  onZoom,
  isLive,
}: {
  lag: LagSeries;
  onZoom: (from: string, to: string) => void;
  /** Whether it ends now. */
  isLive: boolean;
}) {
  const t = useTranslations('groups');
  const format = useFormat();
  const [asTable, setAsTable] = useState(false);
  const [drag, setDrag] = useState<{ from: number; to: number } | null>(null);
  const [hidden, setHidden] = useState<ReadonlySet<string>>(new Set());
  const most = usePhone() ? 1 : MAX_LINES;
  const series = lag.series.slice(0, most);
  const from = Date.parse(lag.from);
  const points = (series[0]?.values ?? []).map((_, at) => ({
    at: from + at * lag.stepSeconds * 1_000,
    ...Object.fromEntries(series.map((line, number) => [`l${number}`, line.values[at] ?? null])),
  }));
  const last = points[points.length - 1]?.at ?? from;
  const measured = points.findLast((_, at) => series.some((line) => (line.values[at] ?? null) !== null))?.at;
  const isSilent = isLive && measured !== undefined && last - measured > LATE_STEPS * lag.stepSeconds * 1_000;
  const isLong = lag.stepSeconds * points.length > 100_000;
  const clock = (at: number) => new Date(at).toISOString().slice(isLong ? 5 : 11, isLong ? 10 : 16);
  const timeOf = (state: { activeLabel?: string | number | undefined }) => Number(state.activeLabel);
  const zoom = () => {
    if (drag && Math.abs(drag.to - drag.from) > lag.stepSeconds * 2_000) {
      const [low, high] = [Math.min(drag.from, drag.to), Math.max(drag.from, drag.to)];
      onZoom(new Date(low).toISOString(), new Date(high).toISOString());
    }
    setDrag(null);
  };
  const lastOf = (values: (number | null)[]) => values.findLast((value) => value !== null) ?? null;
  const summary = format.list(
    series.map((line) => `${line.name} ${format.number(lastOf(line.values) ?? 0)}`),
  );
  if (series.length === 0) return <p className={classes.noChart}>{t('noChart')}</p>;
  const toggle = (name: string) =>
    setHidden((now) => new Set(now.has(name) ? [...now].filter((item) => item !== name) : [...now, name]));
  return (
    <>
      <div className={classes.legend}>
        {series.map((line, at) => (
          <button
            key={line.name}
            type="button"
            aria-pressed={!hidden.has(line.name)}
            onClick={() => toggle(line.name)}
          >
            <i style={{ background: `var(--c-${COLOURS[at]})` }} /> {line.name}{' '}
            <b className="num">{format.number(lastOf(line.values) ?? 0)}</b>
          </button>
        ))}
        {lag.series.length > most ? (
          <span className="quiet">{t('moreLines', { count: lag.series.length - most })}</span>
        ) : null}
        <button type="button" className={classes.asTable} onClick={() => setAsTable(!asTable)}>
          {asTable ? t('asChart') : t('asTable')}
        </button>
      </div>
      {asTable ? (
        <div className={classes.numbersTable} tabIndex={0} role="region" aria-label={t('asTable')}>
          <table className={classes.plain}>
            <thead>
              <tr>
                <th>{t('time')}</th>
                {series.map((line) => (
                  <th key={line.name} className="num">
                    {line.name}
                  </th>
                ))}
              </tr>
            </thead>
            <tbody>
              {points
                .map((point, at) => (
                  <tr key={point.at}>
                    <td>{format.time(new Date(point.at).toISOString())}</td>
                    {series.map((line) => (
                      <td key={line.name} className="num">
                        {line.values[at] === null || line.values[at] === undefined
                          ? '–'
                          : format.number(line.values[at])}
                      </td>
                    ))}
                  </tr>
                ))
                .toReversed()}
            </tbody>
          </table>
        </div>
      ) : (
        <ResponsiveContainer width="100%" height={HEIGHT}>
          <LineChart
            data={points}
            syncId="lag"
            syncMethod="value"
            onMouseDown={(state) => setDrag({ from: timeOf(state), to: timeOf(state) })}
            onMouseMove={(state) => drag && setDrag({ ...drag, to: timeOf(state) })}
            onMouseUp={zoom}
            onMouseLeave={() => setDrag(null)}
            margin={{ top: 8, right: 24, bottom: 0, left: 0 }}
            title={t('chartLabel', { summary })}
          >
            <CartesianGrid vertical={false} stroke="var(--c-grid)" />
            <XAxis
              dataKey="at"
              type="number"
              scale="time"
              domain={['dataMin', 'dataMax']}
              tickFormatter={clock}
              tick={{ fill: 'var(--c-axis)', fontSize: 11 }}
              stroke="var(--c-grid)"
              minTickGap={48}
            />
            <YAxis
              width={56}
              allowDecimals={false}
              tickFormatter={(value: number) => format.number(value)}
              tick={{ fill: 'var(--c-axis)', fontSize: 11 }}
              stroke="none"
            />
            <Tooltip
              isAnimationActive={false}
              labelFormatter={(at) => format.time(new Date(Number(at)).toISOString())}
              formatter={(value, key) => [
                format.number(Number(value)),
                series[Number(String(key).slice(1))]?.name ?? '',
              ]}
              contentStyle={{
                background: 'var(--c-surface)',
                border: '1px solid var(--c-border)',
                borderRadius: 6,
                fontSize: 12,
              }}
              itemStyle={{ color: 'var(--c-text)' }}
            />
            {drag && drag.from !== drag.to ? (
              <ReferenceArea x1={drag.from} x2={drag.to} fill="var(--c-accent)" fillOpacity={0.12} />
            ) : null}
            {isSilent ? (
              <ReferenceArea
                x1={measured}
                x2={last}
                fill="var(--c-surface2)"
                stroke="var(--c-push-fail-fill)"
                strokeOpacity={0.4}
                label={{
                  value: t('notMeasured', { time: format.time(new Date(measured).toISOString()) }),
                  position: 'insideTopRight',
                  fill: 'var(--c-push-fail-text)',
                  fontSize: 11,
                }}
              />
            ) : null}
            {series.map((line, at) => (
              <Line
                key={line.name}
                dataKey={`l${at}`}
                stroke={`var(--c-${isSilent && series.length === 1 ? 'axis' : COLOURS[at]})`}
                strokeWidth={1.5}
                dot={false}
                isAnimationActive={false}
                connectNulls={false}
                hide={hidden.has(line.name)}
              />
            ))}
          </LineChart>
        </ResponsiveContainer>
      )}
    </>
  );
}
