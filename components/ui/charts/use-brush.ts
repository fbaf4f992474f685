import { useRef, useState, type PointerEvent, type RefObject } from 'react';
import { stepsBetween, type StepRange, type TimeSteps } from './time-steps';
import { usePhone } from '../use-phone';

export interface Brush {
  svg: RefObject<SVGSVGElement | null>;
  /** Steps that are kept: those one drags over, else those of the time that is chosen; null for all. */
  kept: StepRange | null;
  /** When the step begins that was tapped to be read, as ISO 8601. */
  readAt: string | null;
  onPointerDown: (event: PointerEvent) => void;
  onPointerMove: (event: PointerEvent) => void;
  onPointerUp: () => void;
}

/**
 * Dragging over a histogram chooses a time. On the phone, where one scrolls by dragging, a tap reads one step.
 * @param from what is chosen, as ISO 8601; null for no limit
 * @param onBrush called with the limits of whole steps
 */
export function useBrush(
  axis: TimeSteps,
  from: string | null,
  to: string | null,
  onBrush: (from: string, to: string) => void,
): Brush {
  const svg = useRef<SVGSVGElement>(null);
  const [drag, setDrag] = useState<{ from: number; to: number } | null>(null);
  const dragged = drag && { from: Math.min(drag.from, drag.to), to: Math.max(drag.from, drag.to) + 1 };
  const isPhone = usePhone();
  const iso = (step: number) =>
    new Date(Date.parse(axis.from) + step * axis.stepSeconds * 1_000).toISOString();
  const stepAt = (event: PointerEvent) => {
    const box = svg.current?.getBoundingClientRect();
    if (!box) return 0;
    const at = Math.floor(((event.clientX - box.left) / box.width) * axis.steps);
    return Math.min(Math.max(at, 0), axis.steps - 1);
  };
  return {
    svg,
    kept: dragged ?? stepsBetween(axis, from, to),
    readAt: isPhone && dragged ? iso(dragged.from) : null,
    onPointerDown(event) {
      const at = stepAt(event);
      if (isPhone) return setDrag(drag?.from === at ? null : { from: at, to: at });
      event.currentTarget.setPointerCapture(event.pointerId);
      setDrag({ from: at, to: at });
    },
    onPointerMove: (event) => drag && !isPhone && setDrag({ ...drag, to: stepAt(event) }),
    onPointerUp() {
      if (!dragged || isPhone) return;
      setDrag(null);
      onBrush(iso(dragged.from), iso(dragged.to));
    },
  };
}
