import { useState, type KeyboardEvent } from 'react';

/** A span of fewer steps is a click, not a choice. */
const MIN_ZOOM_STEPS = 2;

/** The span that a person chooses, by dragging or by keys, in steps of the chart. */
export function useChosenSpan(
  points: readonly { at: number }[],
  stepSeconds: number,
  onZoom: ((from: string, to: string) => void) | undefined,
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
