/** Something that took time, in milliseconds since 1970. */
export interface Span {
  from: number;
  to: number;
}

/** A stretch of the axis: time at one scale, or a wait that is cut short. */
export interface Stretch {
  kind: 'time' | 'break';
  from: number;
  to: number;
  x: number;
  width: number;
}

const BREAK_WIDTH = 64;
const MIN_STRETCH = 84;
/** Waits shorter than this are drawn to scale. */
const MIN_BREAK_MS = 150;

/**
 * Lays spans out on an axis whose waits are cut short: attempts lie 10 ms apart, and then 4 minutes. The scale of the
 * stretches between the breaks is one, except that none is too narrow for a label: with many of them the axis becomes
 * longer than `width`, by as much as the last stretch ends behind it.
 */
export function layOut(spans: Span[], width: number): Stretch[] {
  const busy = busyOf(spans);
  const total = busy.reduce((sum, span) => sum + Math.max(1, span.to - span.from), 0);
  const room = Math.max(width - (busy.length - 1) * BREAK_WIDTH - busy.length * MIN_STRETCH, 0);
  const stretches: Stretch[] = [];
  let x = 0;
  busy.forEach((span, at) => {
    const before = busy[at - 1];
    if (before) {
      stretches.push({ kind: 'break', from: before.to, to: span.from, x, width: BREAK_WIDTH });
      x += BREAK_WIDTH;
    }
    const own = MIN_STRETCH + (Math.max(1, span.to - span.from) / Math.max(1, total)) * room;
    stretches.push({ kind: 'time', ...span, x, width: own });
    x += own;
  });
  return stretches;
}

/** Stretches of time in which something was going on. */
function busyOf(spans: Span[]): Span[] {
  const busy: Span[] = [];
  for (const span of [...spans].sort((a, b) => a.from - b.from)) {
    const last = busy.at(-1);
    if (last && span.from - last.to < MIN_BREAK_MS) last.to = Math.max(last.to, span.to);
    else busy.push({ ...span });
  }
  return busy;
}

/** Returns the position of a moment on the axis. */
export function placeOf(stretches: Stretch[], time: number): number {
  for (const stretch of stretches) {
    if (time > stretch.to) continue;
    if (time < stretch.from) return stretch.x;
    const length = stretch.to - stretch.from;
    const used =
      stretch.kind === 'time'
        ? Math.max(stretch.width - MIN_STRETCH * 0.7, stretch.width * 0.3)
        : stretch.width;
    return stretch.x + (length === 0 ? 0 : ((time - stretch.from) / length) * used);
  }
  const last = stretches.at(-1);
  return last ? last.x + last.width : 0;
}
