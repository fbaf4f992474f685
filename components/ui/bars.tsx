import classes from './ui.module.css';

/** Counts as bars on a base line. @param tone of the bars, a colour's name */
export function Bars({
  counts,
  tone,
  width,
  height,
  label,
}: {
  counts: number[];
  tone: string;
  width: number;
  height: number;
  label: string;
}) {
  const most = Math.max(1, ...counts);
  const step = width / Math.max(1, counts.length);
  return (
    <svg
      viewBox={`0 0 ${width} ${height}`}
      preserveAspectRatio="none"
      role="img"
      aria-label={label}
      className={classes.bars}
      style={{ height, maxWidth: width * 4 }}
    >
      <line x1="0" x2={width} y1={height - 0.5} y2={height - 0.5} stroke="var(--c-grid)" />
      {counts.map((count, at) =>
        count === 0 ? null : (
          <rect
            key={at}
            x={at * step + 1}
            width={Math.max(1, step - 2)}
            y={height - Math.max(2, (count / most) * (height - 2))}
            height={Math.max(2, (count / most) * (height - 2))}
            fill={`var(--c-${tone})`}
          />
        ),
      )}
    </svg>
  );
}
