import { isWithin } from './time-steps';
import type { Brush } from './use-brush';
import classes from '../ui.module.css';

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
  brush,
  hint,
}: {
  stacks: Stack[];
  width: number;
  height: number;
  label: string;
  /** Where a time can be chosen by dragging: the kept steps are highlighted. */
  brush?: Brush;
  /** What dragging does. */
  hint?: string;
}) {
  const steps = Math.max(1, ...stacks.map(({ counts }) => counts.length));
  const below = (stack: number, at: number) =>
    stacks.slice(0, stack).reduce((sum, { counts }) => sum + (counts[at] ?? 0), 0);
  const most = Math.max(1, ...Array.from({ length: steps }, (_, at) => below(stacks.length, at)));
  const step = width / steps;
  const kept = brush?.kept ?? null;
  const x = (at: number) => Math.min(Math.max(at, 0), steps) * step;
  const tall = (count: number) => Math.max(2, (count / most) * (height - 2));
  return (
    <svg
      ref={brush?.svg}
      viewBox={`0 0 ${width} ${height}`}
      preserveAspectRatio="none"
      role="img"
      aria-label={label}
      className={`${classes.bars} ${brush ? classes.brushed : ''}`}
      style={{ height, maxWidth: brush ? undefined : width * 4 }}
      onPointerDown={brush?.onPointerDown}
      onPointerMove={brush?.onPointerMove}
      onPointerUp={brush?.onPointerUp}
    >
      {hint ? <title>{hint}</title> : null}
      {kept ? (
        <rect
          x={x(kept.from)}
          width={Math.max(0, x(kept.to) - x(kept.from))}
          height={height}
          className={classes.kept}
        />
      ) : null}
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
              opacity={isWithin(at, kept) ? 1 : 0.42}
            />
          ),
        ),
      )}
    </svg>
  );
}
