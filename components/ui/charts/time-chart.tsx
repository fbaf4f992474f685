'use client';

import { clsx } from 'clsx';
import { useState, type ReactNode } from 'react';
import {
  CartesianGrid,
  Line,
  LineChart,
  ReferenceLine,
  ResponsiveContainer,
  Tooltip,
  XAxis,
  YAxis,
} from 'recharts';
import {
  bandAreas,
  chosenArea,
  edgeLine,
  forecastLine,
  markLines,
  type Edge,
  type Forecast,
  type TimeBand,
  type TimeMark,
} from './annotations';
import { ticksUpTo, timeTicks } from './scale';
import { useChosenSpan } from './use-chosen-span';
import classes from './time-chart.module.css';

export interface TimeLine {
  name: string;
  /** One for each step; null where nothing was measured: the line has a gap there. */
  values: readonly (number | null)[];
  /** What it is now, beside its name; absent: its last value, which a step of many measurements has the largest of. */
  now?: number | null;
}

export interface TimeChartWords {
  /** What the chart is of and what its lines are now. */
  label: string;
  /** What keys do: it is read out where the chart has the focus. */
  keys: string;
  asTable: string;
  asChart: string;
  time: string;
}

interface Props {
  lines: readonly TimeLine[];
  /** When the first step begins, in milliseconds since 1970. */
  from: number;
  stepSeconds: number;
  height: number;
  words: TimeChartWords;
  formatValue: (value: number) => string;
  /** Formats a time for the cursor and the table. */
  formatTime: (at: number) => string;
  bands?: readonly TimeBand[];
  marks?: readonly TimeMark[];
  forecast?: Forecast | null;
  edge?: Edge | null;
  /** Called with the time that was chosen, by dragging or by keys. */
  onZoom?: (from: string, to: string) => void;
  /** Drawn below the axis of time, which goes from and to these times in milliseconds since 1970. */
  rail?: (from: number, to: number) => ReactNode;
  /** Beside the names of the lines. */
  legend?: ReactNode;
  /** Drawn over the lines, such as a threshold: elements of Recharts. */
  children?: ReactNode;
}

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
/** As many lines as there are distinguishable colours. */
export const MAX_LINES = COLOURS.length;
const MAX_TIME_TICKS = 7;
const TICK = { fill: 'var(--c-axis)', fontSize: 11 };
const TOOLTIP = {
  background: 'var(--c-surface)',
  border: '1px solid var(--c-border)',
  borderRadius: 6,
  fontSize: 12,
};
/** Share by which the value axis is longer than the lines where words are above them. */
const LABEL_ROOM = 1.2;
const DAY_SECONDS = 86_400;
const SHORT_SECONDS = 300;

/**
 * Lines over time. Dragging zooms, as do the keys: arrows move the cursor, with Shift they choose a span, Enter zooms to
 * it. A click on its name hides a line, and a button shows the same numbers as a table.
 */
export function TimeChart(props: Props) {
  const { lines, words, formatValue } = props;
  const [isTable, setTable] = useState(false);
  const [hidden, setHidden] = useState<ReadonlySet<string>>(new Set());
  const toggle = (name: string) =>
    setHidden((now) => new Set(now.has(name) ? [...now].filter((item) => item !== name) : [...now, name]));
  return (
    <>
      <div className={classes.legend}>
        {lines.map((line, index) => (
          <button
            key={line.name}
            type="button"
            aria-pressed={!hidden.has(line.name)}
            onClick={() => toggle(line.name)}
          >
            <i style={{ background: colourOf(index) }} /> {line.name}{' '}
            <b className="num">{formatValue(nowOf(line) ?? 0)}</b>
          </button>
        ))}
        {props.legend}
        <button type="button" className={classes.asTable} onClick={() => setTable(!isTable)}>
          {isTable ? words.asChart : words.asTable}
        </button>
      </div>
      {isTable ? <Numbers {...props} /> : <Drawing {...props} hidden={hidden} />}
    </>
  );
}

function Drawing({
  lines,
  from,
  stepSeconds,
  height,
  words,
  formatValue,
  formatTime,
  bands = [],
  marks = [],
  forecast = null,
  edge = null,
  onZoom,
  rail,
  children,
  hidden,
}: Props & { hidden: ReadonlySet<string> }) {
  const points = pointsOf(lines, from, stepSeconds);
  const measured = points.at(-1)?.at ?? from;
  const last = forecast?.points.at(-1)?.at ?? measured;
  const span = useChosenSpan(points, stepSeconds, onZoom);
  const clock = clockOf((last - from) / 1_000);
  const shown = lines.filter(({ name }) => !hidden.has(name));
  const ticks = valueTicks(shown, forecast, edge, marks.length > 0);
  const cursor = points[span.cursor ?? -1];
  return (
    <div
      className={classes.drawing}
      tabIndex={onZoom ? 0 : undefined}
      role={onZoom ? 'application' : undefined}
      aria-label={onZoom ? `${words.label}. ${words.keys}` : undefined}
      onKeyDown={onZoom ? span.onKeyDown : undefined}
    >
      <ResponsiveContainer width="100%" height={height}>
        <LineChart
          data={withForecast(points, forecast)}
          {...span.mouse}
          margin={{ top: 8, right: 24, bottom: 0, left: 0 }}
          title={words.label}
          accessibilityLayer={false}
        >
          <CartesianGrid vertical={false} stroke="var(--c-grid)" />
          <XAxis
            dataKey="at"
            type="number"
            scale="time"
            domain={['dataMin', 'dataMax']}
            ticks={timeTicks(from, last, MAX_TIME_TICKS)}
            tickFormatter={clock}
            tick={TICK}
            stroke="var(--c-grid)"
            minTickGap={24}
          />
          <YAxis
            width={56}
            domain={[0, ticks.at(-1) ?? 1]}
            ticks={ticks}
            tickFormatter={formatValue}
            tick={TICK}
            stroke="none"
          />
          <Tooltip
            isAnimationActive={false}
            labelFormatter={(at) => formatTime(Number(at))}
            formatter={(value, key) => [
              formatValue(Number(value)),
              lines[Number(String(key).slice(1))]?.name ?? '',
            ]}
            contentStyle={TOOLTIP}
            itemStyle={{ color: 'var(--c-text)' }}
          />
          {bandAreas(bands, from, last)}
          {markLines(marks, { from, measured, last })}
          {edgeLine(edge)}
          {chosenArea(span.chosen)}
          {cursor ? <ReferenceLine x={cursor.at} stroke="var(--c-accent)" /> : null}
          {lines.map((line, index) => (
            <Line
              key={line.name}
              dataKey={`l${index}`}
              stroke={colourOf(index)}
              strokeWidth={1.5}
              dot={false}
              isAnimationActive={false}
              connectNulls={false}
              hide={hidden.has(line.name)}
            />
          ))}
          {forecastLine(forecast)}
          {children}
        </LineChart>
      </ResponsiveContainer>
      {rail?.(from, last)}
      <p className={clsx(classes.readout, !cursor && classes.silent)} aria-live="polite">
        {cursor ? readoutOf(shown, span.cursor ?? 0, formatTime(cursor.at), formatValue) : null}
      </p>
    </div>
  );
}

/** Ticks of the value axis, with room for the words at marks above the lines. */
function valueTicks(
  lines: readonly TimeLine[],
  forecast: Forecast | null,
  edge: Edge | null,
  isMarked: boolean,
): number[] {
  const largest = Math.max(
    edge?.value ?? 0,
    ...lines.flatMap(({ values }) => values.map((value) => value ?? 0)),
    ...(forecast?.points ?? []).map(({ value }) => value),
  );
  return ticksUpTo(isMarked || edge ? largest * LABEL_ROOM : largest);
}

/** How a tick of the time axis is written: as a day, or as a time of it, with seconds where the span is short. */
function clockOf(seconds: number): (at: number) => string {
  const [begin, end] = seconds > DAY_SECONDS ? [5, 10] : [11, seconds < SHORT_SECONDS ? 19 : 16];
  return (at) => new Date(at).toISOString().slice(begin, end);
}

/** What the lines are at the cursor, as one text. */
function readoutOf(
  lines: readonly TimeLine[],
  index: number,
  time: string,
  formatValue: (value: number) => string,
): string {
  return [time, ...lines.map(({ name, values }) => `${name} ${valueText(values[index], formatValue)}`)].join(
    ' · ',
  );
}

/** The numbers of the lines, the newest first. */
function Numbers({ lines, from, stepSeconds, words, formatValue, formatTime }: Props) {
  return (
    <div className={classes.numbers} tabIndex={0} role="region" aria-label={words.asTable}>
      <table>
        <thead>
          <tr>
            <th>{words.time}</th>
            {lines.map(({ name }) => (
              <th key={name} className="num">
                {name}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {pointsOf(lines, from, stepSeconds)
            .map(({ at }, index) => (
              <tr key={at}>
                <td>{formatTime(at)}</td>
                {lines.map(({ name, values }) => (
                  <td key={name} className="num">
                    {valueText(values[index], formatValue)}
                  </td>
                ))}
              </tr>
            ))
            .toReversed()}
        </tbody>
      </table>
    </div>
  );
}

/** The points of the lines, and those of the forecast, which begins at one of them. */
function withForecast(points: readonly Point[], forecast: Forecast | null): object[] {
  if (!forecast) return [...points];
  const [now, ...later] = forecast.points;
  return [
    ...points.map((point) => (point.at === now?.at ? { ...point, forecast: now.value } : point)),
    ...later.map(({ at, value }) => ({ at, forecast: value })),
  ];
}

type Point = { at: number } & Record<`l${number}`, number | null>;

function pointsOf(lines: readonly TimeLine[], from: number, stepSeconds: number): Point[] {
  return (lines[0]?.values ?? []).map((_, index) => ({
    at: from + index * stepSeconds * 1_000,
    ...Object.fromEntries(lines.map(({ values }, line) => [`l${line}`, values[index] ?? null])),
  }));
}

function valueText(value: number | null | undefined, formatValue: (value: number) => string): string {
  return value === null || value === undefined ? '–' : formatValue(value);
}

/** What a line is now; null where that is not known. */
function nowOf({ now, values }: TimeLine): number | null {
  return now === undefined ? lastOf(values) : now;
}

/** The newest value that was measured; null where none was. */
export function lastOf(values: readonly (number | null)[]): number | null {
  return values.findLast((value) => value !== null) ?? null;
}

function colourOf(index: number): string {
  return `var(--c-${COLOURS[index] ?? 'text3'})`;
}
