import { linePaths, placesIn } from './scale';
import classes from '../ui.module.css';

const AREA = { width: 88, height: 24, inset: 3 };

/** A line of a few points from zero; where nothing was measured there is no line. */
export function Sparkline({
  values,
  tone,
  label,
}: {
  values: (number | null)[];
  tone: string;
  label: string;
}) {
  const last = values.findLastIndex((value) => value !== null);
  if (last < 0) return <span className={classes.noSpark}>{label}</span>;
  const area = { ...AREA, top: Math.max(1, ...values.map((value) => value ?? 0)) };
  const { x, y } = placesIn(area, values.length);
  const { joined, alone } = linePaths(values, area);
  const colour = `var(--c-${tone})`;
  return (
    <svg width={AREA.width} height={AREA.height} role="img" aria-label={label}>
      <path d={joined} fill="none" stroke={colour} strokeWidth="1.5" />
      <path d={alone} fill="none" stroke={colour} strokeWidth="3" strokeLinecap="round" />
      <circle cx={x(last)} cy={y(values[last] ?? 0)} r="2" fill={colour} />
    </svg>
  );
}
