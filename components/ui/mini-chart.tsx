import classes from './ui.module.css';

export interface MiniLine {
  name: string;
  /** null where nothing was measured: the line has a gap there. */
  values: (number | null)[];
  tone: string;
}

const WIDTH = 260;
const HEIGHT = 96;

/** A few lines over one time, with the largest value and the begin and end of the time written at the axes. */
export function MiniChart({
  lines,
  label,
  from,
  to,
  formatValue,
}: {
  lines: MiniLine[];
  label: string;
  from: string;
  to: string;
  formatValue: (value: number) => string;
}) {
  const most = Math.max(1, ...lines.flatMap((line) => line.values.map((value) => value ?? 0)));
  return (
    <div className={classes.mini}>
      <div className={classes.miniMost}>{formatValue(most)}</div>
      <svg viewBox={`0 0 ${WIDTH} ${HEIGHT}`} preserveAspectRatio="none" role="img" aria-label={label}>
        {[0.5, HEIGHT / 2, HEIGHT - 0.5].map((y) => (
          <line key={y} x1="0" x2={WIDTH} y1={y} y2={y} stroke="var(--c-grid)" />
        ))}
        {lines.map((line) => (
          <path
            key={line.name}
            d={pathOf(line.values, most)}
            fill="none"
            stroke={`var(--c-${line.tone})`}
            strokeWidth="1.5"
            vectorEffect="non-scaling-stroke"
          />
        ))}
      </svg>
      <div className={classes.miniAxis}>
        <span>{from}</span>
        <span>{to}</span>
      </div>
    </div>
  );
}

function pathOf(values: (number | null)[], most: number): string {
  const x = (at: number) => (at / Math.max(1, values.length - 1)) * WIDTH;
  let path = '';
  let isOpen = false;
  values.forEach((value, at) => {
    if (value === null) {
      isOpen = false;
      return;
    }
    const y = HEIGHT - 1 - (value / most) * (HEIGHT - 2);
    // A point alone between gaps is still seen.
    path += isOpen ? `L${x(at).toFixed(1)} ${y.toFixed(1)}` : `M${x(at).toFixed(1)} ${y.toFixed(1)}h1`;
    isOpen = true;
  });
  return path;
}
