import classes from './ui.module.css';

export interface Stack {
  counts: number[];
  /** A colour's name. */
  tone: string;
}

/** Counts as bars on a base line, those of each kind on top of the others. */
export function Bars({
  stacks,
  width,
  height,
  label,
}: {
  stacks: Stack[];
  width: number;
  height: number;
  label: string;
}) {
  const steps = Math.max(1, ...stacks.map(({ counts }) => counts.length));
  const below = (stack: number, at: number) =>
    stacks.slice(0, stack).reduce((sum, { counts }) => sum + (counts[at] ?? 0), 0);
  const most = Math.max(1, ...Array.from({ length: steps }, (_, at) => below(stacks.length, at)));
  const step = width / steps;
  const tall = (count: number) => Math.max(2, (count / most) * (height - 2));
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
      {stacks.flatMap(({ counts, tone }, stack) =>
        counts.map((count, at) =>
          count === 0 ? null : (
            <rect
              key={`${stack} ${at}`}
              x={at * step + 1}
              width={Math.max(1, step - 2)}
              y={height - (below(stack, at) / most) * (height - 2) - tall(count)}
              height={tall(count)}
              fill={`var(--c-${tone})`}
            />
          ),
        ),
      )}
    </svg>
  );
}
