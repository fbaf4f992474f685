'use client';

import { useTranslations } from 'next-intl';
import { Bars } from '@/components/ui/charts/bars';
import { countWithin, type TimeSteps } from '@/components/ui/charts/time-steps';
import { useBrush } from '@/components/ui/charts/use-brush';
import { useFormat } from '@/components/ui/use-format';
import type { FailureRow } from '@/lib/contract/failures';
import classes from './failures.module.css';

const TONES = { HANDLE_FAIL: 'handle-fail-fill', PUSH_FAIL: 'push-fail-fill' } as const;
const KINDS = Object.keys(TONES) as (keyof typeof TONES)[];
/** Marks of the time axis. */
const MARKS = 4;

/** When messages that fail now began to, by what became of them. Dragging over it keeps failures that began then. */
export function Began({
  rows,
  axis,
  from,
  to,
  onBrush,
}: {
  rows: FailureRow[];
  axis: Omit<TimeSteps, 'steps'>;
  /** The part that is kept, as ISO 8601; null where all is. */
  from: string | null;
  to: string | null;
  onBrush: (from: string, to: string) => void;
}) {
  const t = useTranslations('failures');
  const statuses = useTranslations('status');
  const format = useFormat();
  const stacks = KINDS.map((kind) => ({
    kind,
    tone: TONES[kind],
    counts: sumOf(rows.filter((row) => row.status === kind).map((row) => row.trend)),
  }));
  const total = sumOf(stacks.map((stack) => stack.counts));
  const known = stacks.filter(({ counts }) => countWithin(counts, null) > 0);
  const brush = useBrush({ ...axis, steps: total.length }, from, to, onBrush);
  return (
    <div className={classes.histogram}>
      <div className={classes.legend}>
        <span>
          {t.rich('began', {
            b: (chunks) => <b>{chunks}</b>,
            count: countWithin(total, brush.kept),
            part: String(brush.kept !== null),
          })}
        </span>
        {known.map(({ kind, tone, counts }) => (
          <span key={kind}>
            <i style={{ background: `var(--c-${tone})` }} /> {statuses(kind)}{' '}
            <b>{format.number(countWithin(counts, brush.kept))}</b>
          </span>
        ))}
        <span className={`quiet ${classes.drag}`}>{t('drag')}</span>
      </div>
      <div className={classes.most}>
        {brush.readAt ? <b>{format.time(brush.readAt)}</b> : t('beganIn', { count: Math.max(0, ...total) })}
      </div>
      <Bars stacks={stacks} width={1160} height={56} label={t('beganLabel')} brush={brush} hint={t('drag')} />
      <div className={classes.times} aria-hidden>
        {Array.from({ length: MARKS + 1 }, (_, mark) => {
          const steps = Math.floor((total.length * mark) / MARKS);
          return (
            <span key={mark}>{format.mark(Date.parse(axis.from) + steps * axis.stepSeconds * 1_000)}</span>
          );
        })}
      </div>
    </div>
  );
}

function sumOf(trends: number[][]): number[] {
  const steps = trends[0]?.length ?? 24;
  return Array.from({ length: steps }, (_, at) => trends.reduce((sum, trend) => sum + (trend[at] ?? 0), 0));
}
