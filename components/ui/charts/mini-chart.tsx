import classes from '../ui.module.css';

export interface MiniLine {
  name: string;
  /** null where nothing was measured: the line has a gap there. */
  values: (number | null)[];
  tone: string;
}

const WIDTH = 260;
const HEIGHT = 96;
/** Steps of the value axis that people count in; the smallest that leaves at most four of them is taken. */
const MAX_STEPS = 4;

/** A few lines over one time, with both axes written: round values at the lines, the time's begin, middle and end. */
export function MiniChart({
  lines,
  label,
  times,
  formatValue,
  steps,
}: {
  lines: MiniLine[];
  label: string;
  times: string[];
  formatValue: (value: number) => string;
  /** Steps of the value axis, ascending, where they are not 1, 2 and 5 times the powers of ten. */
  steps?: readonly number[];
}) {
  const most = Math.max(1, ...lines.flatMap((line) => line.values.map((value) => value ?? 0)));
  const step = steps?.find((step) => step * MAX_STEPS >= most) ?? roundStep(most);
  const count = Math.ceil(most / step);
  const top = step * count;
  const marks = Array.from({ length: count + 1 }, (_, at) => at * step);
  return (
    <div className={classes.mini}>
      <div className={classes.miniMarks} aria-hidden>
        {marks.toReversed().map((mark) => (
          <span key={mark}>{formatValue(mark)}</span>
        ))}
      </div>
      <svg viewBox={`0 0 ${WIDTH} ${HEIGHT}`} preserveAspectRatio="none" role="img" aria-label={label}>
        {marks.map((mark) => {
          const y = Math.min(HEIGHT - 0.5, Math.max(0.5, HEIGHT - (mark / top) * HEIGHT));
          return <line key={mark} x1="0" x2={WIDTH} y1={y} y2={y} stroke="var(--c-grid)" />;
        })}
        {lines.map((line) => {
          const { joined, alone } = pathsOf(line.values, top);
          const drawn = {
            fill: 'none',
            stroke: `var(--c-${line.tone})`,
            vectorEffect: 'non-scaling-stroke',
            strokeLinecap: 'round',
          } as const;
          return (
            <g key={line.name}>
              <path d={joined} strokeWidth="1.5" {...drawn} />
              <path d={alone} strokeWidth="4" {...drawn} />
            </g>
          );
        })}
      </svg>
      <div className={classes.miniAxis}>
        {times.map((time) => (
          <span key={time}>{time}</span>
        ))}
      </div>
    </div>
  );
}

/** 1, 2 or 5 times a power of ten, so that at most `MAX_STEPS` of them reach `most`. */
function roundStep(most: number): number {
  const power = 10 ** Math.floor(Math.log10(most / MAX_STEPS));
  const step = [1, 2, 5, 10].find((item) => item * power * MAX_STEPS >= most) ?? 10;
  return Math.max(1, step * power);
}

/** Neighbouring values as lines, and those that stand alone between gaps as points. */
function pathsOf(values: (number | null)[], top: number): { joined: string; alone: string } {
  const x = (at: number) => ((at / Math.max(1, values.length - 1)) * WIDTH).toFixed(1);
  const y = (value: number) => (HEIGHT - 1 - (value / top) * (HEIGHT - 2)).toFixed(1);
  const isKnown = (at: number) => (values[at] ?? null) !== null;
  let joined = '';
  let alone = '';
  values.forEach((value, at) => {
    if (value === null) return;
    if (isKnown(at - 1)) joined += `L${x(at)} ${y(value)}`;
    else if (isKnown(at + 1)) joined += `M${x(at)} ${y(value)}`;
    else alone += `M${x(at)} ${y(value)}h0.01`;
  });
  return { joined, alone };
}
