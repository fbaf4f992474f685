'use client';

import { useTranslations } from 'next-intl';
import { useRef, useState, type PointerEvent } from 'react';
import { useFormat } from '@/components/ui/use-format';
import { countWithin, isWithin, stepsBetween } from '@/lib/domain/histogram';
import type { Status } from '@/lib/domain/status';
import type { MessageHistogram } from '@/lib/domain/views';
import classes from './histogram.module.css';

/** From the bottom: what is fine, then what is on its way, then trouble, where the eye ends. */
const STACK: readonly Status[] = ['HANDLED', 'COMMITTED', 'PUSH_FAIL', 'HANDLE_FAIL', 'SEND_FAIL'];
const TONE: Record<Status, string> = {
  HANDLED: 'handled-fill',
  COMMITTED: 'committed-fill',
  PUSH_FAIL: 'push-fail-fill',
  HANDLE_FAIL: 'handle-fail-fill',
  SEND_FAIL: 'send-fail-fill',
};
const WIDTH = 1200;
const HEIGHT = 64;

interface Props {
  data: MessageHistogram;
  /** The part that is kept, as ISO 8601; null where all is. */
  from: string | null;
  to: string | null;
  onBrush: (from: string | null, to: string | null) => void;
}

/** Messages by time, stacked by status. Dragging over it keeps only that time. */
export function Histogram({ data, from, to, onBrush }: Props) {
  const t = useTranslations('messages.histogram');
  const status = useTranslations('status');
  const format = useFormat();
  const svg = useRef<SVGSVGElement>(null);
  const [drag, setDrag] = useState<{ from: number; to: number } | null>(null);
  const { bars } = data;
  if (!bars) return <p className={classes.words}>{t('tooLong')}</p>;
  const steps = bars.HANDLED.length;
  const begin = Date.parse(data.from);
  const stepMs = data.stepSeconds * 1000;
  const totals = Array.from({ length: steps }, (_, at) =>
    STACK.reduce((sum, one) => sum + (bars[one][at] ?? 0), 0),
  );
  const most = Math.max(1, ...totals);
  const kept = drag
    ? { from: Math.min(drag.from, drag.to), to: Math.max(drag.from, drag.to) + 1 }
    : stepsBetween(data, from, to);
  const stepAt = (event: PointerEvent) => {
    const box = svg.current?.getBoundingClientRect();
    if (!box) return 0;
    const at = Math.floor(((event.clientX - box.left) / box.width) * steps);
    return Math.min(Math.max(at, 0), steps - 1);
  };
  const end = () => {
    if (!drag) return;
    const [low, high] = [Math.min(drag.from, drag.to), Math.max(drag.from, drag.to) + 1];
    setDrag(null);
    const iso = (step: number) => new Date(begin + step * stepMs).toISOString();
    onBrush(iso(low), iso(high));
  };
  const within = countWithin(bars, kept);
  const counts = STACK.map((one) => ({ status: one, count: within[one] })).filter(({ count }) => count > 0);
  const words = counts.map((one) => t('of', { count: one.count, status: status(one.status) })).join(', ');
  const bar = WIDTH / steps;
  const x = (step: number) => Math.min(Math.max(step, 0), steps) * bar;
  return (
    <div className={classes.whole}>
      <ul className={classes.legend}>
        {counts.toReversed().map((one) => (
          <li key={one.status}>
            <i style={{ background: `var(--c-${TONE[one.status]})` }} /> {status(one.status)}{' '}
            <b>{format.number(one.count)}</b>
          </li>
        ))}
      </ul>
      <svg
        ref={svg}
        viewBox={`0 0 ${WIDTH} ${HEIGHT}`}
        preserveAspectRatio="none"
        className={classes.bars}
        role="img"
        aria-label={`${t('label')}: ${words}`}
        onPointerDown={(event) => {
          event.currentTarget.setPointerCapture(event.pointerId);
          const at = stepAt(event);
          setDrag({ from: at, to: at });
        }}
        onPointerMove={(event) => drag && setDrag({ ...drag, to: stepAt(event) })}
        onPointerUp={end}
      >
        <title>{t('drag')}</title>
        {kept ? (
          <rect
            x={x(kept.from)}
            width={Math.max(0, x(kept.to) - x(kept.from))}
            height={HEIGHT}
            className={classes.brush}
          />
        ) : null}
        {totals.map((_, at) => {
          let y = HEIGHT;
          return STACK.map((one) => {
            const height = ((bars[one][at] ?? 0) / most) * (HEIGHT - 4);
            if (height === 0) return null;
            y -= height;
            return (
              <rect
                key={`${at} ${one}`}
                x={at * bar + 1.5}
                y={y}
                width={bar - 3}
                height={height}
                fill={`var(--c-${TONE[one]})`}
                opacity={isWithin(at, kept) ? 1 : 0.42}
              />
            );
          });
        })}
      </svg>
      <div className={classes.axis}>
        <span>{format.time(data.from)}</span>
        <span>
          {t('step', { time: format.duration(data.stepSeconds) })} · max {format.number(most)}
        </span>
        <span>{format.time(data.to)}</span>
      </div>
    </div>
  );
}
