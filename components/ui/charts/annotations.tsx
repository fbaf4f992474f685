import type { ReactNode } from 'react';
import { Line, ReferenceArea, ReferenceDot, ReferenceLine } from 'recharts';

/** A highlighted part of the time, with its words. Times are milliseconds since 1970. */
export interface TimeBand {
  from: number;
  to: number;
  label: string;
  /** Absent: in grey. */
  tone?: 'bad';
}

/** A highlighted moment. */
export interface TimeMark {
  at: number;
  label: string;
}

/** How a line goes on if nothing changes, drawn dashed beyond the measurements. */
export interface Forecast {
  /** In the order of time; the first is the last measurement. Times are milliseconds since 1970. */
  points: readonly { at: number; value: number }[];
  /** Words at its end, such as what happens then; null: none. */
  end: string | null;
}

/** A value that matters, as a line across the chart. */
export interface Edge {
  value: number;
  label: string;
}

/** The span that a person is choosing. */
export function chosenArea(chosen: { from: number; to: number } | null): ReactNode {
  if (!chosen) return null;
  return <ReferenceArea x1={chosen.from} x2={chosen.to} fill="var(--c-accent)" fillOpacity={0.12} />;
}

/** Highlighted parts of the time. */
export function bandAreas(bands: readonly TimeBand[], from: number, last: number): ReactNode {
  const shown = bands.filter((band) => band.to > from && band.from < last);
  return shown.map((band) => (
    <ReferenceArea
      key={`${band.from} ${band.label}`}
      x1={Math.max(band.from, from)}
      x2={Math.min(band.to, last)}
      fill={band.tone === 'bad' ? 'var(--c-push-fail-tint)' : 'var(--c-surface2)'}
      stroke="var(--c-push-fail-fill)"
      strokeOpacity={0.4}
      label={{
        value: band.label,
        position: 'insideTopRight',
        fill: 'var(--c-push-fail-text)',
        fontSize: 11,
      }}
    />
  ));
}

/** Highlighted moments. */
export function markLines(
  marks: readonly TimeMark[],
  { from, measured, last }: { from: number; measured: number; last: number },
): ReactNode {
  return marks
    .filter(({ at }) => at > from && at < measured)
    .map((mark) => (
      <ReferenceLine
        key={`${mark.at} ${mark.label}`}
        x={mark.at}
        stroke="var(--c-axis)"
        strokeDasharray="3 3"
        label={{
          value: mark.label,
          // Where there is room for it.
          position: mark.at - from > (last - from) / 2 ? 'insideTopRight' : 'insideTopLeft',
          fill: 'var(--c-text2)',
          fontSize: 11,
        }}
      />
    ));
}

/** A value that matters. */
export function edgeLine(edge: Edge | null): ReactNode {
  if (!edge) return null;
  return (
    <ReferenceLine
      y={edge.value}
      stroke="var(--c-handle-fail-fill)"
      strokeDasharray="4 3"
      label={{
        value: edge.label,
        position: 'insideTopLeft',
        fill: 'var(--c-handle-fail-text)',
        fontSize: 11,
      }}
    />
  );
}

/** The dashed line of a forecast, the time that it covers, and its end. */
export function forecastLine(forecast: Forecast | null): ReactNode {
  const [first, last] = [forecast?.points[0], forecast?.points.at(-1)];
  if (!forecast || !first || !last) return null;
  return [
    <ReferenceArea key="future" x1={first.at} x2={last.at} fill="var(--c-surface2)" fillOpacity={0.6} />,
    <ReferenceLine key="now" x={first.at} stroke="var(--c-axis)" />,
    <Line
      key="forecast"
      dataKey="forecast"
      stroke="var(--c-line)"
      strokeWidth={1.5}
      strokeDasharray="4 4"
      dot={false}
      activeDot={false}
      tooltipType="none"
      isAnimationActive={false}
      connectNulls
    />,
    forecast.end === null ? null : (
      <ReferenceDot
        key="end"
        x={last.at}
        y={last.value}
        r={3.5}
        fill="var(--c-handle-fail-fill)"
        stroke="none"
        label={{ value: forecast.end, position: 'left', fill: 'var(--c-handle-fail-text)', fontSize: 11 }}
      />
    ),
  ];
}
