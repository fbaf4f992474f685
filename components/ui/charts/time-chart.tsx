'use client';

import { clsx } from 'clsx';
import { useState, type KeyboardEvent, type ReactNode } from 'react';
import {
  CartesianGrid,
  Line,
  LineChart,
  ReferenceArea,
  ReferenceLine,
  ResponsiveContainer,
  Tooltip,
  XAxis,
  YAxis,
} from 'recharts';
import { ticksUpTo, timeTicks } from './scale';
import classes from './time-chart.module.css';

export interface TimeLine {
  name: string;
  /** One for each step; null where nothing was measured: the line has a gap there. */
  values: readonly (number | null)[];
}

/** A highlighted part of the time, with its words. Times are milliseconds since 1970. */
export interface TimeBand {
  from: number;
  to: number;
  label: string;
}

/** A highlighted moment. */
export interface TimeMark {
  at: number;
  label: string;
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
  /** Charts of one name share their cursor. */
  syncId?: string;
  /** Called with the time that was chosen, by dragging or by keys. */
  onZoom?: (from: string, to: string) => void;
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
const DAY_SECONDS = 86_400;
const SHORT_SECONDS = 300;
/** A span of fewer steps is a click, not a choice. */
const MIN_ZOOM_STEPS = 2;

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
            <b className="num">{formatValue(lastOf(line.values) ?? 0)}</b>
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
  syncId,
  onZoom,
  children,
  hidden,
}: Props & { hidden: ReadonlySet<string> }) {
  const points = pointsOf(lines, from, stepSeconds);
  const last = points.at(-1)?.at ?? from;
  const span = useSpan(points, stepSeconds, onZoom);
  const clock = clockOf((last - from) / 1_000);
  const shown = lines.filter(({ name }) => !hidden.has(name));
  const largest = Math.max(0, ...shown.flatMap(({ values }) => values.map((value) => value ?? 0)));
  const ticks = ticksUpTo(largest);
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
          data={points}
          {...(syncId === undefined ? {} : { syncId, syncMethod: 'value' as const })}
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
          {markLines(marks, from, last)}
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
          {children}
        </LineChart>
      </ResponsiveContainer>
      <p className={clsx(classes.readout, !cursor && classes.silent)} aria-live="polite">
        {cursor ? readoutOf(shown, span.cursor ?? 0, formatTime(cursor.at), formatValue) : null}
      </p>
    </div>
  );
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

function chosenArea(chosen: { from: number; to: number } | null): ReactNode {
  if (!chosen) return null;
  return <ReferenceArea x1={chosen.from} x2={chosen.to} fill="var(--c-accent)" fillOpacity={0.12} />;
}

function bandAreas(bands: readonly TimeBand[], from: number, last: number): ReactNode {
  return bands.map((band) => (
    <ReferenceArea
      key={`${band.from} ${band.label}`}
      x1={Math.max(band.from, from)}
      x2={Math.min(band.to, last)}
      fill="var(--c-surface2)"
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

function markLines(marks: readonly TimeMark[], from: number, last: number): ReactNode {
  return marks
    .filter(({ at }) => at > from && at < last)
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

/** The span that a person chooses, by dragging or by keys, in steps of the chart. */
function useSpan(
  points: readonly { at: number }[],
  stepSeconds: number,
  onZoom: Props['onZoom'],
): {
  cursor: number | null;
  chosen: { from: number; to: number } | null;
  onKeyDown: (event: KeyboardEvent) => void;
  mouse: Record<
    'onMouseDown' | 'onMouseMove' | 'onMouseUp' | 'onMouseLeave',
    (state: { activeLabel?: string | number | undefined }) => void
  >;
} {
  const [drag, setDrag] = useState<{ from: number; to: number } | null>(null);
  const [keys, setKeys] = useState<{ cursor: number; anchor: number } | null>(null);
  const timeAt = (index: number): number => points[index]?.at ?? 0;
  const picked =
    drag ??
    (keys && keys.anchor !== keys.cursor ? { from: timeAt(keys.anchor), to: timeAt(keys.cursor) } : null);
  const chosen = picked && { from: Math.min(picked.from, picked.to), to: Math.max(picked.from, picked.to) };
  const zoom = (): void => {
    if (chosen && chosen.to - chosen.from >= MIN_ZOOM_STEPS * stepSeconds * 1_000)
      onZoom?.(new Date(chosen.from).toISOString(), new Date(chosen.to).toISOString());
    setDrag(null);
    setKeys(null);
  };
  const timeOf = ({ activeLabel }: { activeLabel?: string | number | undefined }) => Number(activeLabel);
  const onKeyDown = (event: KeyboardEvent): void => {
    const end = points.length - 1;
    const at = keys?.cursor ?? end;
    const next = { ArrowLeft: at - 1, ArrowRight: at + 1, Home: 0, End: end }[event.key];
    if (next !== undefined) {
      const cursor = Math.min(Math.max(next, 0), end);
      setKeys({ cursor, anchor: event.shiftKey ? (keys?.anchor ?? at) : cursor });
    } else if (event.key === 'Enter' && chosen) zoom();
    else if (event.key === 'Escape' && keys) setKeys(null);
    else return;
    event.preventDefault();
    event.stopPropagation();
  };
  return {
    cursor: keys?.cursor ?? null,
    chosen: chosen && chosen.from !== chosen.to ? chosen : null,
    onKeyDown,
    mouse: {
      onMouseDown: (state) => onZoom && setDrag({ from: timeOf(state), to: timeOf(state) }),
      onMouseMove: (state) => drag && setDrag({ ...drag, to: timeOf(state) }),
      onMouseUp: zoom,
      onMouseLeave: () => setDrag(null),
    },
  };
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

/** The newest value that was measured; null where none was. */
export function lastOf(values: readonly (number | null)[]): number | null {
  return values.findLast((value) => value !== null) ?? null;
}

function colourOf(index: number): string {
  return `var(--c-${COLOURS[index] ?? 'text3'})`;
}
