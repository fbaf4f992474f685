'use client';

import { useTranslations } from 'next-intl';
import { Bars } from '@/components/ui/bars';
import { useFormat } from '@/components/ui/use-format';
import type { FailureRow } from '@/lib/domain/failure-views';
import classes from './failures.module.css';

const TONES = { HANDLE_FAIL: 'handle-fail-fill', PUSH_FAIL: 'push-fail-fill' } as const;
const KINDS = Object.keys(TONES) as (keyof typeof TONES)[];
/** Marks of the time axis. */
const MARKS = 4;

/** When what fails now began to, by what became of it. */
export function Began({
  rows,
  from,
  stepSeconds,
}: {
  rows: FailureRow[];
  from: string;
  stepSeconds: number;
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
  const sum = (counts: number[]) => counts.reduce((all, count) => all + count, 0);
  return (
    <div className={classes.histogram}>
      <div className={classes.legend}>
        <span>{t.rich('began', { b: (chunks) => <b>{chunks}</b>, count: sum(total) })}</span>
        {stacks.map(({ kind, tone, counts }) => (
          <span key={kind}>
            <i style={{ background: `var(--c-${tone})` }} /> {statuses(kind)}{' '}
            <b>{format.number(sum(counts))}</b>
          </span>
        ))}
        <span className="quiet">{t('beganIn', { count: Math.max(0, ...total) })}</span>
      </div>
      <Bars stacks={stacks} width={1160} height={56} label={t('beganLabel')} />
      <div className={classes.times} aria-hidden>
        {Array.from({ length: MARKS + 1 }, (_, mark) => {
          const steps = Math.floor((total.length * mark) / MARKS);
          return <span key={mark}>{format.mark(Date.parse(from) + steps * stepSeconds * 1_000)}</span>;
        })}
      </div>
    </div>
  );
}

function sumOf(trends: number[][]): number[] {
  const steps = trends[0]?.length ?? 24;
  return Array.from({ length: steps }, (_, at) => trends.reduce((sum, trend) => sum + (trend[at] ?? 0), 0));
}
