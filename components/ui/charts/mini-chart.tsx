import { linePaths, ticksUpTo } from './scale';
import classes from '../ui.module.css';

export interface MiniLine {
  name: string;
  /** null where nothing was measured: the line has a gap there. */
  values: (number | null)[];
  tone: string;
}

const WIDTH = 260;
const HEIGHT = 96;
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
  const marks = ticksUpTo(most, steps);
  const top = marks.at(-1) ?? 1;
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
          const { joined, alone } = linePaths(line.values, { width: WIDTH, height: HEIGHT, inset: 0, top });
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
