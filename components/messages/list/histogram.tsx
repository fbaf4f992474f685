'use client';

import { useTranslations } from 'next-intl';
import { Bars } from '@/components/ui/charts/bars';
import { countWithin } from '@/components/ui/charts/time-steps';
import { useBrush } from '@/components/ui/charts/use-brush';
import { useFormat } from '@/components/ui/use-format';
import type { Status } from '@/lib/domain/messages/status';
import type { MessageHistogram } from '@/lib/contract/messages';
import classes from './histogram.module.css';

/** A part of a bar: a status, or the committed messages on which no service reports. */
type Part = Status | 'unreported';

/** From the bottom: what is fine, then what is on its way, then trouble, where the eye ends. */
const STACK: readonly Part[] = [
  'HANDLED',
  'unreported',
  'COMMITTED',
  'PUSH_FAIL',
  'HANDLE_FAIL',
  'SEND_FAIL',
];
const TONE: Record<Part, string> = {
  HANDLED: 'handled-fill',
  unreported: 'axis',
  COMMITTED: 'committed-fill',
  PUSH_FAIL: 'push-fail-fill',
  HANDLE_FAIL: 'handle-fail-fill',
  SEND_FAIL: 'send-fail-fill',
};

interface Props {
  data: MessageHistogram;
  /** The part that is kept, as ISO 8601; null where all is. */
  from: string | null;
  to: string | null;
  onBrush: (from: string, to: string) => void;
}

/** Messages by time, stacked by status. Dragging over it keeps only that time. */
export function Histogram(props: Props) {
  const t = useTranslations('messages.histogram');
  const { bars } = props.data;
  if (!bars) return <p className={classes.words}>{t('tooLong')}</p>;
  return <Counted {...props} parts={partsOf(bars, props.data.unreported)} />;
}

/** The bars with the committed messages in two parts. */
function partsOf(bars: Record<Status, number[]>, unreported: number[] | null): Record<Part, number[]> {
  // Both are counted one after another, so the part may be of a moment later.
  const some = bars.COMMITTED.map((count, at) => Math.min(count, unreported?.[at] ?? 0));
  return {
    ...bars,
    unreported: some,
    COMMITTED: bars.COMMITTED.map((count, at) => count - (some[at] ?? 0)),
  };
}

function Counted({ data, parts, from, to, onBrush }: Props & { parts: Record<Part, number[]> }) {
  const t = useTranslations('messages.histogram');
  const status = useTranslations('status');
  const format = useFormat();
  const steps = parts.HANDLED.length;
  const wordOf = (part: Part) => (part === 'unreported' ? t('unreported') : status(part));
  const brush = useBrush({ from: data.from, stepSeconds: data.stepSeconds, steps }, from, to, onBrush);
  const counts = STACK.map((part) => ({ part, count: countWithin(parts[part], brush.kept) })).filter(
    ({ count }) => count > 0,
  );
  const words = format.list(counts.map((item) => t('of', { count: item.count, status: wordOf(item.part) })));
  const totals = Array.from({ length: steps }, (_, at) =>
    STACK.reduce((sum, item) => sum + (parts[item][at] ?? 0), 0),
  );
  return (
    <div className={classes.whole}>
      <ul className={classes.legend}>
        {counts.toReversed().map((item) => (
          <li key={item.part}>
            <i style={{ background: `var(--c-${TONE[item.part]})` }} /> {wordOf(item.part)}{' '}
            <b>{format.number(item.count)}</b>
          </li>
        ))}
      </ul>
      <Bars
        stacks={STACK.map((item) => ({ counts: parts[item], tone: TONE[item] }))}
        width={1_200}
        height={64}
        label={`${t('label')}: ${words}`}
        brush={brush}
        hint={t('drag')}
      />
      <div className={classes.axis}>
        <span>{format.time(data.from)}</span>
        <span>
          {brush.readAt ? (
            <b>{format.time(brush.readAt)}</b>
          ) : (
            `${t('step', { time: format.duration(data.stepSeconds) })} · max ${format.number(Math.max(1, ...totals))}`
          )}
        </span>
        <span>{format.time(data.to)}</span>
      </div>
    </div>
  );
}
