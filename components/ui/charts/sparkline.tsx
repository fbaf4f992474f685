import classes from '../ui.module.css';

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
  const width = 88;
  const height = 24;
  const most = Math.max(1, ...values.map((value) => value ?? 0));
  const x = (at: number) => (at / Math.max(1, values.length - 1)) * (width - 4) + 2;
  const y = (value: number) => height - 3 - (value / most) * (height - 6);
  let path = '';
  let open = false;
  values.forEach((value, at) => {
    if (value === null) {
      open = false;
      return;
    }
    path += `${open ? 'L' : 'M'}${x(at).toFixed(1)} ${y(value).toFixed(1)}`;
    open = true;
  });
  const last = values.findLastIndex((value) => value !== null);
  if (last < 0) return <span className={classes.noSpark}>{label}</span>;
  return (
    <svg width={width} height={height} role="img" aria-label={label}>
      <path d={path} fill="none" stroke={`var(--c-${tone})`} strokeWidth="1.5" />
      <circle cx={x(last)} cy={y(values[last] ?? 0)} r="2" fill={`var(--c-${tone})`} />
    </svg>
  );
}
